import * as k8s from "@pulumi/kubernetes";
import test from "ava";
import { BareMetalCluster } from "../../components/cluster/bare-metal/bare-metal-cluster.ts";
import type { InventoryHost } from "../../components/cluster/bare-metal/inventory.ts";
import { deploy } from "./lib/deploy.ts";
import { at } from "./lib/look.ts";

const hosts: readonly InventoryHost[] = [
  {
    name: "gpu-1",
    address: "10.20.0.1",
    role: "gpu",
    gpu: { model: "a100-sxm-80gb", count: 8 },
    zone: "hall-1",
    rack: "r1",
  },
  {
    name: "gpu-2",
    address: "10.20.0.2",
    role: "gpu",
    gpu: { model: "a100-sxm-80gb", count: 8 },
    zone: "hall-2",
    rack: "r7",
  },
  { name: "system-1", address: "10.20.0.3", role: "system", zone: "hall-1", rack: "r1" },
];

const program = () => adoptionOf(hosts);

function adoptionOf(inventory: readonly InventoryHost[]) {
  const provider = new k8s.Provider("site", { context: "site" });
  const cluster = new BareMetalCluster("site", {
    provider,
    network: {
      nodeCidr: "10.20.0.0/16",
      podCidr: "10.42.0.0/16",
      serviceCidr: "10.43.0.0/16",
      cni: "cilium",
    },
    storage: { weightsClass: "weights", metricsClass: "metrics" },
    hosts: inventory,
  });
  return { gpuNodes: cluster.gpuNodes, adopted: cluster.adopted.length };
}

const patches = async (preview = false) =>
  (await deploy(program, { preview })).resources.filter(
    ({ type }) => type === "kubernetes:core/v1:NodePatch",
  );

test("each GPU host is adopted with labels and taint alone", async (t) => {
  const [first, second, ...others] = await patches();
  t.deepEqual(others, []);
  t.deepEqual(first?.inputs, {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: "gpu-1",
      labels: {
        "private-llm/pool": "gpu",
        "topology.kubernetes.io/zone": "hall-1",
        "private-llm/rack": "r1",
      },
    },
    spec: { taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] },
  });
  t.like(second?.inputs, {
    metadata: {
      name: "gpu-2",
      labels: { "topology.kubernetes.io/zone": "hall-2", "private-llm/rack": "r7" },
    },
  });
});

test("nodes are adopted under the component and through its provider", async (t) => {
  for (const { parent, provider } of await patches()) {
    t.is(parent, "llm:cluster:BareMetalCluster::site");
    t.is(provider, "pulumi:providers:kubernetes::site");
  }
});

test("the pool is what the inventory says, and nothing in it is simulated", async (t) => {
  const { outputs } = await deploy(program);
  t.deepEqual(outputs, {
    adopted: 2,
    gpuNodes: {
      gpu: "a100-sxm-80gb",
      gpusPerNode: 8,
      count: 2,
      selector: { "private-llm/pool": "gpu" },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
      simulated: false,
    },
  });
});

test("the component publishes the inventory without its provider", async (t) => {
  const { resources } = await deploy(program);
  const component = resources.find(({ type }) => type === "llm:cluster:BareMetalCluster");
  t.deepEqual(Object.keys(component?.inputs ?? {}).toSorted(), ["hosts", "network", "storage"]);
});

test("a first preview sees the same node patches", async (t) => {
  const [deployed, preview] = [await patches(), await patches(true)];
  t.deepEqual(preview, deployed);
});

test("a host that is drained keeps its labels, sends its pods away and is no capacity", async (t) => {
  const drained = hosts.map((host) =>
    host.role === "gpu" && host.name === "gpu-2" ? { ...host, drain: true } : host,
  );
  const { resources, outputs } = await deploy(() => adoptionOf(drained));
  t.like(outputs, { adopted: 2, gpuNodes: { count: 1 } });
  const patch = resources.find(({ inputs }) => at(inputs, "metadata", "name") === "gpu-2");
  t.like(patch?.inputs, {
    metadata: {
      annotations: { "pulumi.com/patchForce": "true" },
      labels: { "private-llm/pool": "gpu" },
    },
    spec: {
      taints: [
        { key: "nvidia.com/gpu", effect: "NoSchedule" },
        { key: "private-llm/drain", effect: "NoExecute" },
      ],
    },
  });
});

test("taints of a host that takes pods are never forced", async (t) => {
  for (const { inputs } of await patches()) {
    t.is(at(inputs, "metadata", "annotations"), undefined);
  }
});
