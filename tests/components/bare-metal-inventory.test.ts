import test from "ava";
import * as fc from "fast-check";
import {
  addressFaults,
  gpuPool,
  type InventoryHost,
  inventorySchema,
} from "../../components/cluster/bare-metal/inventory.ts";
import { gpuFacts } from "../../components/lib/gpus.ts";

const gpuHost = (number: number, change: object = {}): InventoryHost & Record<string, unknown> => ({
  name: `gpu-${number}`,
  address: `10.20.${Math.floor(number / 200)}.${(number % 200) + 1}`,
  role: "gpu",
  gpu: { model: "a100-sxm-80gb", count: 8 },
  zone: "hall-1",
  rack: "r1",
  ...change,
});
const systemHost = {
  name: "system-1",
  address: "10.20.9.1",
  role: "system",
  zone: "hall-1",
  rack: "r2",
} as const;

/** `path: message` of everything that is wrong. */
function faults(hosts: unknown): readonly string[] {
  const parsed = inventorySchema.safeParse(hosts);
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test("hosts with and without GPUs are accepted", (t) => {
  const hosts = [
    gpuHost(1, { nvmeGb: 30_000, nics: [{ name: "ens1", gbitPerSecond: 200 }] }),
    gpuHost(2),
    systemHost,
  ];
  t.deepEqual(faults(hosts), []);
  t.deepEqual(gpuPool(inventorySchema.parse(hosts)), {
    gpu: "a100-sxm-80gb",
    gpusPerNode: 8,
    count: 2,
  });
});

test("a host name used twice is refused", (t) => {
  t.deepEqual(faults([gpuHost(1), gpuHost(2, { name: "gpu-1" })]), [
    "1.name: gpu-1 is also the name of hosts[0]; give every host its own name",
  ]);
});

test("an address used twice is refused", (t) => {
  t.deepEqual(faults([gpuHost(1), { ...systemHost, address: "10.20.0.2" }]), [
    "1.address: 10.20.0.2 is also the address of hosts[0]; give every host its own address",
  ]);
});

test("two GPU models in one pool are refused", (t) => {
  t.deepEqual(faults([gpuHost(1), gpuHost(2, { gpu: { model: "a100-sxm-40gb", count: 8 } })]), [
    "1.gpu.model: a100-sxm-40gb of gpu-2 differs from a100-sxm-80gb of gpu-1; a pool has one GPU model",
  ]);
});

test("different numbers of GPUs in one pool are refused", (t) => {
  t.deepEqual(faults([gpuHost(1), gpuHost(2, { gpu: { model: "a100-sxm-80gb", count: 4 } })]), [
    "1.gpu.count: 4 GPUs of gpu-2 differ from 8 of gpu-1; nodes of a pool have the same number",
  ]);
});

test("an inventory without a GPU host is refused", (t) => {
  const fault = ": no host has role gpu; models need at least one GPU host";
  t.deepEqual(faults([systemHost]), [fault]);
  t.deepEqual(faults([]), [fault]);
  t.throws(() => gpuPool([systemHost]), {
    message: "no host has role gpu; models need at least one GPU host",
  });
});

test("a GPU host that names no GPUs is refused", (t) => {
  t.deepEqual(faults([gpuHost(1, { gpu: undefined })]), [
    "0.gpu: a host of role gpu names its gpu: {model, count}",
  ]);
});

test("a name that no node can have is refused", (t) => {
  t.deepEqual(faults([gpuHost(1, { name: "GPU_1" })]), [
    "0.name: must be lower-case letters, digits, hyphens and dots, as node names are",
  ]);
});

test("an address in another spelling is refused with the one to write", (t) => {
  t.deepEqual(faults([gpuHost(1, { address: "FD00::1" })]), [
    '0.address: "FD00::1" is not in canonical form; write fd00::1',
  ]);
});

test("an unknown key is refused", (t) => {
  t.deepEqual(faults([gpuHost(1, { racks: "r1" })]), ['0: Unrecognized key: "racks"']);
});

test("every fault of every host is told in one go", (t) => {
  const hosts = [
    gpuHost(1, { zone: "" }),
    gpuHost(2),
    gpuHost(3, { name: "gpu-2", gpu: { model: "h100", count: 8 } }),
    gpuHost(4, { address: "10.20.0.3" }),
    gpuHost(5, { name: "gpu-4" }),
    "gpu-6",
  ];
  t.deepEqual(faults(hosts), [
    "0.zone: must be a label value: letters, digits, hyphens, underscores and dots, at most 63",
    `2.gpu.model: "h100" is unknown; choose one of ${Object.keys(gpuFacts).toSorted().join(", ")}`,
    "5: Invalid input: expected object, received string",
    "4.name: gpu-4 is also the name of hosts[3]; give every host its own name",
    "3.address: 10.20.0.3 is also the address of hosts[1]; give every host its own address",
  ]);
});

test("a list that is no list has one fault", (t) => {
  t.deepEqual(faults("gpu-1"), [": Invalid input: expected array, received string"]);
});

test("an address outside the node network is named with its host", (t) => {
  const hosts = [gpuHost(1), { ...systemHost, address: "10.21.0.1" }, { address: "nonsense" }];
  t.deepEqual(addressFaults(hosts, "10.20.0.0/16"), [
    {
      path: [1, "address"],
      message:
        "10.21.0.1 of system-1 lies outside nodeCidr 10.20.0.0/16; correct the address or the range",
    },
  ]);
});

test("as many faults are found as hosts repeat a name", (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 40 }), (names) => {
      const hosts = names.map((name, index) => gpuHost(index, { name: `gpu-${name}` }));
      t.is(faults(hosts).length, names.length - new Set(names).size);
    }),
  );
});

test("an inventory of 500 hosts is read", (t) => {
  const hosts = Array.from({ length: 500 }, (_, index) => gpuHost(index));
  t.deepEqual(faults(hosts), []);
});
