import test from "ava";
import { weightsSchema } from "../../components/lib/stack/weights.ts";
import type { PlatformCluster } from "../../infra/config/platform.ts";
import { weightsFaults } from "../../infra/config/weights.ts";

const network = {
  podCidr: "10.244.0.0/16",
  serviceCidr: "10.96.0.0/16",
  nodeCidr: "10.20.0.0/24",
  cni: "cilium",
} as const;

const bareMetal: PlatformCluster = {
  kind: "bare-metal",
  context: "site",
  network,
  storage: { weightsClass: "weights", metricsClass: "metrics" },
  hosts: [],
};
const eks: PlatformCluster = {
  kind: "eks",
  clusterStack: "organization/private-llm/staging-cluster",
  network,
  nodes: { gpu: "a100-sxm-80gb", gpusPerNode: 8, count: 1 },
  storage: { weightsClass: "weights", metricsClass: "metrics" },
};

const mirror = {
  kind: "mirror",
  url: "https://models.example.internal/{repository}/{revision}",
  address: "10.30.0.20",
};
const local = { kind: "local", path: "/mnt/nvme/models" };

function schemaFaults(weights: unknown): string[] {
  const { error } = weightsSchema.safeParse(weights);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const faults = (weights: unknown, cluster: PlatformCluster = bareMetal) =>
  weightsFaults(weights, cluster).map(({ path, message }) => `${path.join(".")}: ${message}`);

test("a stack that says nothing has a claim that the site fills", (t) => {
  t.deepEqual(weightsSchema.parse({}), { volume: { kind: "class" } });
});

test("a direct way to the internet is refused with the two ways that there are", (t) => {
  const source = { kind: "hub", reach: { kind: "internet" } };
  t.deepEqual(schemaFaults({ source, volume: local }), [
    "source.reach.kind: weights namespaces have no way to every address; reach the hub by the site's own forward proxy (kind: forward-proxy), or name a mirror inside",
  ]);
});

test("a volume that the stack fills needs a source, and a class takes none", (t) => {
  t.regex(schemaFaults({ volume: local }).join("\n"), /^source: missing; a volume of kind local/);
  t.regex(schemaFaults({ source: mirror }).join("\n"), /^source: nothing is staged into volumes/);
});

test("a mirror is asked by TLS, by name, at a place for repository and revision", (t) => {
  for (const url of [
    "http://models.example.internal/{repository}/{revision}",
    "https://10.30.0.20/{repository}/{revision}",
    "https://models.example.internal/{repository}",
    "https://user@models.example.internal/{repository}/{revision}",
    "https://models.example.internal/{repository}/{revision}?x=1",
  ]) {
    t.is(schemaFaults({ source: { ...mirror, url }, volume: local }).length, 1, url);
  }
});

test("local disks belong to hosts of an inventory", (t) => {
  t.deepEqual(faults({ source: mirror, volume: local }), []);
  t.regex(
    faults({ source: mirror, volume: local }, eks).join("\n"),
    /^weights\.volume\.kind: local keeps/,
  );
});

test("no source is a pod, a Service, this machine or a metadata service", (t) => {
  for (const address of ["10.244.1.2", "10.96.0.1", "127.0.0.1", "169.254.169.254", "::1"]) {
    const [fault, ...others] = faults({ source: { ...mirror, address }, volume: local });
    t.true(fault?.startsWith(`weights.source.address: ${address} `), address);
    t.deepEqual(others, []);
  }
});
