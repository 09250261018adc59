import { z } from "zod";
import { addressFault } from "../../lib/cidr.ts";
import { type GpuModel, gpuFacts } from "../../lib/gpus.ts";
import { keysOf } from "../../lib/keys-of.ts";
import { inventoryFaults } from "./inventory-faults.ts";
import { gpuCount } from "./loose-host.ts";

/** RFC 1123 subdomain, as node names are. */
const nodeName = z
  .string()
  .max(253, "is longer than the 253 characters of a node name")
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/,
    "must be lower-case letters, digits, hyphens and dots, as node names are",
  );

const labelValue = z
  .string()
  .regex(
    /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
    "must be a label value: letters, digits, hyphens, underscores and dots, at most 63",
  );

const address = z.string().superRefine((value, context) => {
  const message = addressFault(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

/** One spelling only, so that an address used twice is seen. */
const mac = z
  .string()
  .regex(
    /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/,
    "must be a MAC address of six bytes in lower case, such as 02:00:5e:10:00:01",
  );

const nic = z.strictObject({
  /** Name of the interface, as the kernel has it. */
  name: z.string().regex(/^[^\s/]{1,15}$/, "must be the name of an interface, such as ens1f0"),
  mac: mac.exactOptional(),
  gbitPerSecond: z.number().positive(),
  /** Largest packet, bytes; what preflight finds has to equal it. */
  mtu: z.int().min(1280, "is less than IPv6 needs").max(9216).exactOptional(),
});

const common = {
  /** Node name in the cluster. */
  name: nodeName,
  /** Address of the node in the cluster's network. */
  address,
  /** Room or power domain; becomes `topology.kubernetes.io/zone`. */
  zone: labelValue,
  rack: labelValue,
  /** Management controller: recorded, so that its addresses are used once; nothing here talks to it. */
  bmc: z.strictObject({ address, mac: mac.exactOptional() }).exactOptional(),
  /** Local NVMe, GB (decimal); 0: none. */
  nvmeGb: z.number().nonnegative().optional(),
  /** Every interface that may be up; preflight refuses others. */
  nics: z.array(nic).optional(),
};

const gpuHost = z.strictObject({
  ...common,
  role: z.literal("gpu"),
  gpu: z.strictObject(
    { model: keysOf<GpuModel>(gpuFacts, { abort: false }), count: gpuCount },
    {
      error: ({ code }) =>
        code === "invalid_type" ? "a host of role gpu names its gpu: {model, count}" : undefined,
    },
  ),
  /** Whether it is being emptied: its pods go, and its GPUs no longer count. */
  drain: z.boolean().exactOptional(),
});

const systemHost = z.strictObject({ ...common, role: z.literal("system") });

const hostSchema = z.discriminatedUnion("role", [gpuHost, systemHost]);

export type InventoryHost = z.infer<typeof hostSchema>;
export type GpuHost = z.infer<typeof gpuHost>;

/** The hosts of a site, checked one by one and against each other; every fault in one go. */
export const inventorySchema = z.array(hostSchema).superRefine(
  (hosts, context) => {
    for (const { path, message } of inventoryFaults(hosts)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  },
  // Faults between hosts are told even where a single host is malformed.
  { when: ({ value }) => Array.isArray(value) },
);

/** GPU hosts that take pods, in the order of the inventory. */
export function activeGpuHosts(hosts: readonly InventoryHost[]): readonly GpuHost[] {
  return hosts.flatMap((host) => (host.role === "gpu" && host.drain !== true ? [host] : []));
}

/**
 * The GPU hosts as one pool; what is being drained is no capacity.
 *
 * @throws {Error} if there is none; `inventorySchema` refuses such an inventory
 */
export function gpuPool(hosts: readonly InventoryHost[]): {
  readonly gpu: GpuModel;
  readonly gpusPerNode: number;
  readonly count: number;
} {
  const members = activeGpuHosts(hosts);
  const first = members[0];
  if (first === undefined) {
    throw new Error("no host has role gpu and takes pods; models need at least one such host");
  }
  return { gpu: first.gpu.model, gpusPerNode: first.gpu.count, count: members.length };
}
