import test, { type ExecutionContext } from "ava";
import { z } from "zod";
import { command } from "../support/command.ts";
import { repository } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

const range = z.strictObject({
  family: z.union([z.literal(4), z.literal(6)]),
  cidr: z.string(),
  protocol: z.enum(["TCP", "UDP", "SCTP"]),
  fromPort: z.int(),
  toPort: z.int(),
});
const peer = z.strictObject({
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
  protocol: z.enum(["TCP", "UDP", "SCTP"]),
  fromPort: z.int(),
  toPort: z.int(),
});
const fault = z.strictObject({ object: z.string(), path: z.string(), reason: z.string() });

/** The contract of `--json`, field by field: an unknown field is a change of it. */
const contract = z.strictObject({
  workloads: z.array(
    z.strictObject({
      namespace: z.string(),
      kind: z.string(),
      name: z.string(),
      isolated: z.boolean(),
      hostNetwork: z.boolean(),
      external: z.array(range),
      inCluster: z.array(peer),
      because: z.array(fault),
    }),
  ),
  errors: z.array(fault),
  warnings: z.array(fault),
});

const workload = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web, ports: [{ name: http, containerPort: 8080 }] }] }
`;

const policy = (spec: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: ${spec}
`;

async function egress(t: ExecutionContext, files: Record<string, string>, ...more: string[]) {
  const folder = await temporaryFolder(t, files);
  const args = ["egress", "--manifests", folder, "--json", ...more];
  const { code, stdout, stderr } = await command(repository, args);
  const parsed = contract.safeParse(JSON.parse(stdout === "" ? "null" : stdout));
  if (!parsed.success) throw new Error(`${stderr}\n${z.prettifyError(parsed.error)}\n${stdout}`);
  return { code, ...parsed.data };
}

test("the shape of the JSON is its contract, and a closed workload has nothing to say", async (t) => {
  const closed = policy('{ podSelector: {}, policyTypes: ["Ingress", "Egress"] }');
  const { code, workloads, errors, warnings } = await egress(t, { "app.yaml": workload + closed });
  t.is(code, 0);
  t.deepEqual(workloads, [
    {
      namespace: "shop",
      kind: "Deployment",
      name: "web",
      isolated: true,
      hostNetwork: false,
      external: [],
      inCluster: [],
      because: [],
    },
  ]);
  t.deepEqual([errors, warnings], [[], []]);
});

test("a workload that nothing isolates may send everything in both families and three protocols", async (t) => {
  const { code, workloads } = await egress(t, { "app.yaml": workload });
  t.is(code, 0);
  const [web] = workloads;
  t.is(web?.isolated, false);
  t.deepEqual(
    web?.external.map(({ cidr, protocol, fromPort, toPort }) => [cidr, protocol, fromPort, toPort]),
    ["0.0.0.0/0", "::/0"].flatMap((cidr) =>
      ["TCP", "UDP", "SCTP"].map((protocol) => [cidr, protocol, 1, 65_535]),
    ),
  );
  t.regex(web?.because[0]?.reason ?? "", /no NetworkPolicy/);
});

test("what is let out is named with the policy, the rule and the path", async (t) => {
  const open = policy(
    '{ podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ ipBlock: { cidr: 203.0.113.0/24, except: [203.0.113.128/25] } }], ports: [{ port: 443 }] }] }',
  );
  const { workloads } = await egress(t, { "app.yaml": workload + open });
  t.deepEqual(workloads[0]?.external, [
    { family: 4, cidr: "203.0.113.0/25", protocol: "TCP", fromPort: 443, toPort: 443 },
  ]);
  t.like(workloads[0]?.because[0], {
    object: "NetworkPolicy shop/web",
    path: "spec.egress[0].to[0]",
  });
});

test("a policy that an API server would refuse is an error with its path, and ends in exit 1", async (t) => {
  const broken = policy(
    '{ podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: 70000 }] }] }',
  );
  const { code, workloads, errors } = await egress(t, { "app.yaml": workload + broken });
  t.is(code, 1);
  t.deepEqual(errors, [
    {
      object: "NetworkPolicy shop/web",
      path: "spec.egress[0].ports[0].port",
      reason: "is no whole number from 1 to 65535",
    },
  ]);
  t.is(workloads[0]?.external.length, 6);
});

test("a file that is no YAML ends in exit 1 and leaves nothing judged", async (t) => {
  const { code, workloads, errors } = await egress(t, { "app.yaml": workload, "b.yaml": "a: [" });
  t.is(code, 1);
  t.deepEqual(workloads, []);
  t.regex(errors[0]?.object ?? "", /b\.yaml:\d+$/);
});

test("a folder without objects ends in exit 1", async (t) => {
  const { code, errors } = await egress(t, {});
  t.is(code, 1);
  t.is(errors[0]?.reason, "holds no Kubernetes object");
});

test("ranges of the cluster are given together and in canonical form", async (t) => {
  const folder = await temporaryFolder(t, { "app.yaml": workload });
  const args = ["egress", "--manifests", folder, "--pod-cidr", "10.244.0.1/16"];
  const { code, stderr } = await command(repository, args);
  t.is(code, 2);
  t.regex(stderr, /--pod-cidr: "10\.244\.0\.1\/16" has address bits set behind its prefix/);
  t.regex(stderr, /--service-cidr is missing/);
});

test("a profile that is not known is refused by name", async (t) => {
  const { code, stderr } = await command(repository, ["egress", "--manifests", ".", "--cni", "x"]);
  t.is(code, 2);
  t.regex(stderr, /--cni x is unknown; choose none, vpc-cni-strict, cilium, calico/);
});

test("under a plugin that enforces nothing no workload is isolated", async (t) => {
  const closed = policy('{ podSelector: {}, policyTypes: ["Egress"] }');
  const { workloads } = await egress(t, { "app.yaml": workload + closed }, "--cni", "none");
  t.is(workloads[0]?.isolated, false);
  t.is(workloads[0]?.external.length, 6);
});

test("a stack is read with its own profile and ranges", async (t) => {
  const { code, stdout } = await command(repository, ["egress", "dev"]);
  t.is(code, 0);
  t.regex(stdout, /^Effective egress of dev, given the CNI profile/);
  t.regex(stdout, /Deployment inference\/llama-3-70b: isolated\n {4}external: nothing/);
});

test("a stack whose charts cannot be had is undecided", async (t) => {
  const { code, stdout } = await command(repository, ["egress", "prod", "--json"]);
  t.is(code, 3);
  const { errors } = contract.parse(JSON.parse(stdout));
  t.true(errors.some(({ object }) => object.startsWith("gpu-operator")));
});
