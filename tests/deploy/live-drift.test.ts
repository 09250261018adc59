import test from "ava";
import type { GpuHost, InventoryHost } from "../../components/cluster/bare-metal/inventory.ts";
import { inventoryDrift } from "../../deploy/live/inventory-drift.ts";
import type { ValueObject } from "../../policies/model/value.ts";
import { found } from "./support/live.ts";

const gpuHost: GpuHost = {
  name: "gpu-1",
  address: "10.20.0.11",
  role: "gpu",
  zone: "room-1",
  rack: "r1",
  gpu: { model: "a100-sxm-80gb", count: 8 },
};
const systemHost: InventoryHost = {
  name: "control-1",
  address: "10.20.0.5",
  role: "system",
  zone: "room-1",
  rack: "r1",
};

interface NodeChange {
  readonly address?: string;
  readonly capacity?: ValueObject;
  readonly product?: string;
  readonly taint?: string;
}

function node(name: string, address: string, change: NodeChange = {}) {
  const { capacity = {}, product = "NVIDIA-A100-SXM4-80GB", taint = "nvidia.com/gpu" } = change;
  const labels =
    name === "control-1" ? {} : { "private-llm/pool": "gpu", "nvidia.com/gpu.product": product };
  const body = {
    spec: { taints: [{ key: taint, effect: "NoExecute" }] },
    status: {
      addresses: [
        { type: "Hostname", address: name },
        { type: "InternalIP", address: change.address ?? address },
      ],
      capacity,
    },
  };
  return found("v1", "Node", name, body, { labels });
}

const eight = { "nvidia.com/gpu": "8" };
const control = node("control-1", "10.20.0.5");
const gpu = (change: NodeChange = {}) =>
  node("gpu-1", "10.20.0.11", { capacity: eight, ...change });
const hosts = [systemHost, gpuHost];

test("nodes that are as the inventory says are not spoken of", (t) => {
  t.deepEqual(inventoryDrift(hosts, [control, gpu()]), []);
});

test("a stack without an inventory of hosts has no drift, whatever nodes there are", (t) => {
  t.deepEqual(inventoryDrift([], [control]), []);
});

const differences: readonly (readonly [string, NodeChange, string])[] = [
  ["fewer GPUs", { capacity: { "nvidia.com/gpu": "7" } }, "offers 7 GPUs, and 8 in the inventory"],
  ["no GPU", { capacity: {} }, "offers no GPUs, and 8 in the inventory"],
  [
    "another GPU",
    { product: "NVIDIA-A100-SXM4-40GB" },
    "has NVIDIA-A100-SXM4-40GB, and NVIDIA-A100-SXM4-80GB in the inventory",
  ],
  [
    "another address",
    { address: "10.20.0.99" },
    "has address 10.20.0.99, and 10.20.0.11 in the inventory",
  ],
  [
    "a drain that nobody wrote down",
    { taint: "private-llm/drain" },
    "is drained, and not in the inventory",
  ],
];

for (const [title, change, drift] of differences) {
  test(`told by its node: ${title}`, (t) => {
    t.deepEqual(inventoryDrift(hosts, [control, gpu(change)]), [`gpu-1: ${drift}`]);
  });
}

test("told by its node: a drain that has not happened", (t) => {
  const wanted = [systemHost, { ...gpuHost, drain: true }];
  t.deepEqual(inventoryDrift(wanted, [control, gpu()]), ["gpu-1: is to be drained and takes pods"]);
  t.deepEqual(inventoryDrift(wanted, [control, gpu({ taint: "private-llm/drain" })]), []);
});

test("hosts that are no nodes, and GPU nodes that are no hosts, are told", (t) => {
  const stranger = node("gpu-9", "10.20.0.19", { capacity: eight });
  t.deepEqual(inventoryDrift(hosts, [gpu(), stranger]), [
    "control-1: is in the inventory and no node",
    "gpu-9: is in the pool of GPU nodes and not in the inventory",
  ]);
});
