import * as k8s from "@pulumi/kubernetes";
import test from "ava";
import {
  LocalCluster,
  type LocalClusterArgs,
} from "../../components/cluster/local/local-cluster.ts";
import { ofType, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at, gib, list } from "./lib/look.ts";
import { before, deployStack } from "./lib/platform-stack.ts";

type Shape = Omit<LocalClusterArgs, "provider">;

const args: Shape = {
  network: {
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
    nodeCidr: "10.10.0.0/16",
    cni: "none",
  },
  nodes: { gpu: "a100-sxm-80gb", gpusPerNode: 8, count: 2 },
  volumesGib: [290, 310],
};

function program(change: Partial<Shape> = {}) {
  return () => {
    const provider = new k8s.Provider("simulated", {});
    const cluster = new LocalCluster("local", { provider, ...args, ...change });
    return {
      capacity: cluster.capacity.length,
      gpuNodes: cluster.gpuNodes,
      storage: cluster.storage,
      network: cluster.network,
    };
  };
}

test("a simulated node looks like a machine of 8 A100 to the scheduler", async (t) => {
  const node = one(await deploy(program()), "Node", "local-gpu-1").inputs;
  t.is(node["apiVersion"], "v1");
  t.deepEqual(at(node, "metadata", "labels"), {
    "kubernetes.io/hostname": "local-gpu-1",
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "node.kubernetes.io/instance-type": "simulated",
    "nvidia.com/gpu.present": "true",
    "nvidia.com/gpu.product": "NVIDIA-A100-SXM4-80GB",
    "nvidia.com/gpu.count": "8",
    "nvidia.com/gpu.memory": "81920",
    "private-llm/simulated": "true",
  });
  const room = {
    cpu: "96",
    memory: "1152Gi",
    pods: "110",
    "ephemeral-storage": "8000Gi",
    "nvidia.com/gpu": "8",
  };
  t.deepEqual(at(node, "status"), { capacity: room, allocatable: room });
});

test("a simulated node is played by kwok and closed to pods without a GPU", async (t) => {
  const node = one(await deploy(program()), "Node", "local-gpu-1").inputs;
  t.deepEqual(at(node, "metadata", "annotations"), { "kwok.x-k8s.io/node": "fake" });
  t.deepEqual(at(node, "spec", "taints"), [{ key: "nvidia.com/gpu", effect: "NoSchedule" }]);
});

test("as many nodes are made as were asked for, each with its GPUs", async (t) => {
  const nodes = { gpu: "a100-sxm-40gb", gpusPerNode: 4, count: 3 } as const;
  const made = ofType(await deploy(program({ nodes })), "Node");
  t.deepEqual(
    made.map(({ name, inputs }) => [
      name,
      at(inputs, "metadata", "name"),
      at(inputs, "status", "allocatable", "nvidia.com/gpu"),
      at(inputs, "metadata", "labels", "nvidia.com/gpu.product"),
    ]),
    [1, 2, 3].map((index) => [
      `local-gpu-${index}`,
      `local-gpu-${index}`,
      "4",
      "NVIDIA-A100-SXM4-40GB",
    ]),
  );
});

test("the pool selects exactly the labels of its nodes and tolerates their taint", async (t) => {
  const { outputs } = await deploy(program());
  t.deepEqual(outputs["gpuNodes"], {
    gpu: "a100-sxm-80gb",
    gpusPerNode: 8,
    count: 2,
    selector: { "nvidia.com/gpu.product": "NVIDIA-A100-SXM4-80GB" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    simulated: true,
  });
});

test("each volume has its size and can be read by many nodes, and nothing can mount it", async (t) => {
  const volumes = ofType(await deploy(program()), "PersistentVolume");
  t.deepEqual(
    volumes.map(({ inputs }) => gib(inputs, "spec", "capacity", "storage")),
    [290, 310],
  );
  for (const { inputs, dependencies } of volumes) {
    t.like(inputs["spec"], {
      accessModes: ["ReadWriteMany"],
      storageClassName: "simulated-shared",
      csi: { driver: "simulated.private-llm.invalid" },
    });
    t.deepEqual(dependencies, [
      "kubernetes:storage.k8s.io/v1:StorageClass::local-simulated-shared",
    ]);
  }
});

test("the storage class provisions nothing by itself", async (t) => {
  const { inputs } = one(await deploy(program()), "StorageClass");
  t.like(inputs, {
    metadata: { name: "simulated-shared" },
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "Immediate",
  });
});

test("capacity is every leaf resource, so that pods wait for all of it", async (t) => {
  const { resources, outputs } = await deploy(program());
  const leaves = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  t.is(leaves.length, 5);
  t.is(outputs["capacity"], 5);
  for (const { parent, provider } of leaves) {
    t.is(parent, "llm:cluster:LocalCluster::local");
    t.is(provider, "pulumi:providers:kubernetes::simulated");
  }
});

test("the component publishes its arguments without its provider", async (t) => {
  const component = one(await deploy(program()), "LocalCluster");
  t.deepEqual(component.inputs, { ...args });
});

test("a first preview sees the same cluster", async (t) => {
  t.deepEqual(await deploy(program(), { preview: true }), await deploy(program()));
});

test("the engines of the dev stack wait for its simulated nodes and volumes", async (t) => {
  const deployment = await deployStack("dev");
  const capacity = deployment.resources.filter(({ parent }) =>
    parent?.startsWith("llm:cluster:LocalCluster::"),
  );
  t.is(capacity.length, 8);
  const first = before(deployment, one(deployment, "Deployment", "llama-3-70b"));
  for (const { type, name } of capacity) t.true(first.has(`${type}::${name}`), name);
});

test("every claim of the dev stack finds a volume of its class, mode and size", async (t) => {
  const deployment = await deployStack("dev");
  const volumes = [...ofType(deployment, "PersistentVolume")];
  const claims = ofType(deployment, "PersistentVolumeClaim");
  t.is(claims.length, volumes.length);
  for (const [index, claim] of claims.entries()) {
    const volume = volumes[index]?.inputs;
    const wanted = gib(claim.inputs, "spec", "resources", "requests", "storage");
    t.true(gib(volume, "spec", "capacity", "storage") >= wanted);
    t.is(at(claim.inputs, "spec", "storageClassName"), at(volume, "spec", "storageClassName"));
    t.deepEqual(list(claim.inputs, "spec", "accessModes"), list(volume, "spec", "accessModes"));
  }
});
