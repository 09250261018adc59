import test from "ava";
import * as fc from "fast-check";
import { addressFaults } from "../../components/cluster/bare-metal/address-faults.ts";
import {
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
    "1.address: 10.20.0.2 is also the address of hosts[0]; give every host and every BMC an address of its own",
  ]);
});

test("two GPU models in one pool are refused", (t) => {
  t.deepEqual(faults([gpuHost(1), gpuHost(2, { gpu: { model: "a100-sxm-40gb", count: 8 } })]), [
    "1.gpu.model: a100-sxm-40gb of gpu-2 differs from a100-sxm-80gb of gpu-1; a pool has one GPU model",
  ]);
});

test("different numbers of GPUs in one pool are refused", (t) => {
  t.deepEqual(faults([gpuHost(1), gpuHost(2, { gpu: { model: "a100-sxm-80gb", count: 4 } })]), [
    "1.gpu.count: GPUs: 4 of gpu-2 differs from 8 of gpu-1; nodes of a pool have the same number",
  ]);
});

test("an inventory without a GPU host is refused", (t) => {
  const fault = ": no host has role gpu; models need at least one GPU host";
  t.deepEqual(faults([systemHost]), [fault]);
  t.deepEqual(faults([]), [fault]);
  t.throws(() => gpuPool([systemHost]), {
    message: "no host has role gpu and takes pods; models need at least one such host",
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
    "2.name: gpu-2 is also the name of hosts[1]; give every host its own name",
    "4.name: gpu-4 is also the name of hosts[3]; give every host its own name",
    "3.address: 10.20.0.3 is also the address of hosts[1]; give every host and every BMC an address of its own",
  ]);
});

test("a list that is no list has one fault", (t) => {
  t.deepEqual(faults("gpu-1"), [": Invalid input: expected array, received string"]);
});

test("an address outside the node network is named with its host", (t) => {
  const hosts = [gpuHost(1), { ...systemHost, address: "10.21.0.1" }, { address: "nonsense" }];
  t.deepEqual(addressFaults(hosts, { nodeCidr: "10.20.0.0/16" }), [
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

/** One change of a sound inventory, and the field that has to be named for it. */
const mutants = [
  { path: "1.name", change: { name: "gpu-0" } },
  { path: "1.address", change: { address: "10.20.0.1" } },
  { path: "1.bmc.address", change: { bmc: { address: "10.30.0.1" } } },
  { path: "1.gpu.model", change: { gpu: { model: "h100-sxm-80gb", count: 8 } } },
  { path: "1.gpu.count", change: { gpu: { model: "a100-sxm-80gb", count: 4 } } },
] as const;

test("faults between hosts are told whatever else is wrong with the hosts", (t) => {
  const malformed = [{}, { zone: "" }, { rack: 7 }, { nics: "none" }, { nvmeGb: -1 }, { racks: 1 }];
  fc.assert(
    fc.property(
      fc.constantFrom(...mutants),
      fc.constantFrom(...malformed),
      fc.constantFrom(...malformed),
      ({ path, change }, first, second) => {
        const hosts = [
          gpuHost(0, { bmc: { address: "10.30.0.1" }, ...first }),
          gpuHost(1, { ...second, ...change }),
        ];
        t.true(
          faults(hosts).some((fault) => fault.startsWith(`${path}: `)),
          path,
        );
      },
    ),
  );
});

const bmcHost = (number: number, bmc: object) => gpuHost(number, { bmc });

test("a BMC address that is another's, host or BMC, is refused", (t) => {
  const hosts = [
    bmcHost(1, { address: "10.20.0.3" }),
    bmcHost(2, { address: "10.30.0.9" }),
    bmcHost(4, { address: "10.30.0.9" }),
  ];
  t.deepEqual(faults(hosts), [
    "1.address: 10.20.0.3 is also the address of hosts[0].bmc; give every host and every BMC an address of its own",
    "2.bmc.address: 10.30.0.9 is also the address of hosts[1].bmc; give every host and every BMC an address of its own",
  ]);
});

const nic = (name: string, change: object = {}) => ({ name, gbitPerSecond: 100, ...change });

test("a MAC address used twice, in one host or in two, on a NIC or a BMC, is refused", (t) => {
  const mac = "02:00:5e:10:00:01";
  const hosts = [
    gpuHost(1, { nics: [nic("ens1", { mac }), nic("ens2", { mac })] }),
    bmcHost(2, { address: "10.30.0.2", mac }),
  ];
  t.deepEqual(faults(hosts), [
    `0.nics.1.mac: ${mac} is also the MAC address of hosts[0].nics[0]; write what the hardware says`,
    `1.bmc.mac: ${mac} is also the MAC address of hosts[0].nics[0]; write what the hardware says`,
  ]);
});

test("a MAC address in another spelling is refused, since it could hide a second use", (t) => {
  t.deepEqual(faults([gpuHost(1, { nics: [nic("ens1", { mac: "02-00-5E-10-00-01" })] })]), [
    "0.nics.0.mac: must be a MAC address of six bytes in lower case, such as 02:00:5e:10:00:01",
  ]);
});

test("an interface listed twice in a host is refused; two hosts may name theirs alike", (t) => {
  t.deepEqual(
    faults([gpuHost(1, { nics: [nic("ens1"), nic("ens1")] }), gpuHost(2, { nics: [nic("ens1")] })]),
    [
      "0.nics.1.name: ens1 is also the interface of hosts[0].nics[0]; list each interface of a host once",
    ],
  );
});

test("a host that is drained is no capacity", (t) => {
  const hosts = [gpuHost(1), gpuHost(2, { drain: true }), gpuHost(3, { drain: false })];
  t.is(gpuPool(inventorySchema.parse(hosts)).count, 2);
});

test("an inventory whose GPU hosts are all drained is refused", (t) => {
  t.deepEqual(faults([gpuHost(1, { drain: true }), systemHost]), [
    ": every GPU host is being drained; models need one that takes pods: remove a drain, or add a host",
  ]);
});

test("only GPU hosts are drained here", (t) => {
  t.deepEqual(faults([gpuHost(1), { ...systemHost, drain: true }]), [
    '1: Unrecognized key: "drain"',
  ]);
});

test("addresses of hosts and BMCs inside the ranges of pods and Services are refused", (t) => {
  const hosts = [
    gpuHost(1),
    bmcHost(2, { address: "10.96.0.7" }),
    bmcHost(3, { address: "fd00::1" }),
  ];
  const ranges = { nodeCidr: "10.20.0.0/24", podCidr: "10.20.0.0/30", serviceCidr: "10.96.0.0/16" };
  t.deepEqual(
    addressFaults(hosts, ranges).map(({ path, message }) => `${path.join(".")}: ${message}`),
    [
      "0.address: 10.20.0.2 of gpu-1 lies inside podCidr 10.20.0.0/30; correct the address or the range",
      "1.address: 10.20.0.3 of gpu-2 lies inside podCidr 10.20.0.0/30; correct the address or the range",
      "1.bmc.address: 10.96.0.7 of the BMC of gpu-2 lies inside serviceCidr 10.96.0.0/16; correct the address or the range",
    ],
  );
});

test("a range that cannot be read does not hide what the others say", (t) => {
  const hosts = [gpuHost(1), { name: "gpu-9", address: "10.96.0.7" }];
  const ranges = { nodeCidr: "10.20.0.0", podCidr: undefined, serviceCidr: "10.96.0.0/16" };
  t.deepEqual(
    addressFaults(hosts, ranges).map(({ path }) => path),
    [[1, "address"]],
  );
});

test("pods that live in the node network are no fault of the hosts", (t) => {
  const ranges = { nodeCidr: "10.20.0.0/16", podCidr: "10.20.0.0/16", serviceCidr: "10.96.0.0/16" };
  t.deepEqual(addressFaults([gpuHost(1)], ranges), []);
});

const large = (hosts: number) =>
  Array.from({ length: hosts }, (_, index) =>
    gpuHost(index, {
      bmc: { address: `10.30.${Math.floor(index / 200)}.${(index % 200) + 1}` },
      nics: [nic("ens1"), nic("ens2")],
    }),
  );

test("an inventory of 500 hosts is read", (t) => {
  t.deepEqual(faults(large(500)), []);
});

/** Quickest of several readings, ms: the machine may be busy with other things. */
function quickest(hosts: readonly unknown[]): number {
  const ranges = {
    nodeCidr: "10.20.0.0/16",
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
  };
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    inventorySchema.safeParse(hosts);
    addressFaults(hosts, ranges);
    return performance.now() - start;
  });
  return Math.min(...times);
}

test("ten times as many hosts take far less than a hundred times as long", (t) => {
  quickest(large(50));
  const [few, many] = [quickest(large(50)), quickest(large(500))];
  t.true(many / few < 40, `500 hosts took ${(many / few).toFixed(1)} times as long as 50`);
});
