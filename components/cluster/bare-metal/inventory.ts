import { z } from "zod";
import { addressFault, containsAddress, parseAddress, parseCidr } from "../../lib/cidr.ts";
import { type GpuModel, gpuFacts } from "../../lib/gpus.ts";
import { keysOf } from "../../lib/keys-of.ts";

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

const common = {
  /** Node name in the cluster. */
  name: nodeName,
  /** Address of the node in the cluster's network. */
  address,
  /** Room or power domain; becomes `topology.kubernetes.io/zone`. */
  zone: labelValue,
  rack: labelValue,
  /** Local NVMe, GB. */
  nvmeGb: z.number().positive().optional(),
  nics: z
    .array(z.strictObject({ name: z.string().min(1), gbitPerSecond: z.number().positive() }))
    .optional(),
};

const gpuHost = z.strictObject({
  ...common,
  role: z.literal("gpu"),
  gpu: z.strictObject(
    { model: keysOf<GpuModel>(gpuFacts, { abort: false }), count: z.int().min(1).max(16) },
    {
      error: ({ code }) =>
        code === "invalid_type" ? "a host of role gpu names its gpu: {model, count}" : undefined,
    },
  ),
});

const systemHost = z.strictObject({ ...common, role: z.literal("system") });

const hostSchema = z.discriminatedUnion("role", [gpuHost, systemHost]);

export type InventoryHost = z.infer<typeof hostSchema>;
export type GpuHost = z.infer<typeof gpuHost>;

/** One thing wrong with the inventory; `path` starts at the list of hosts. */
export interface InventoryFault {
  readonly path: readonly (string | number)[];
  /** Value, reason and remedy. */
  readonly message: string;
}

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

/** What is wrong between the hosts; hosts that are malformed by themselves are left out. */
export function inventoryFaults(hosts: readonly unknown[]): readonly InventoryFault[] {
  const sound = soundHosts(hosts);
  const gpuHosts = sound.flatMap(({ index, host }) =>
    host.role === "gpu" ? [{ index, host }] : [],
  );
  return [
    ...repeated(
      sound,
      "name",
      (first) => `is also the name of hosts[${first}]; give every host its own name`,
    ),
    ...repeated(
      sound,
      "address",
      (first) => `is also the address of hosts[${first}]; give every host its own address`,
    ),
    ...mixedGpus(gpuHosts),
    ...(gpuHosts.length === 0 && sound.length === hosts.length
      ? [{ path: [], message: "no host has role gpu; models need at least one GPU host" }]
      : []),
  ];
}

/** Hosts whose address is not one of the node network. */
export function addressFaults(
  hosts: readonly unknown[],
  nodeCidr: string,
): readonly InventoryFault[] {
  const network = parseCidr(nodeCidr);
  return soundHosts(hosts)
    .filter(({ host }) => !containsAddress(network, parseAddress(host.address)))
    .map(({ index, host }) => ({
      path: [index, "address"],
      message: `${host.address} of ${host.name} lies outside nodeCidr ${nodeCidr}; correct the address or the range`,
    }));
}

/**
 * The GPU hosts as one pool.
 *
 * @throws {Error} if there is none; `inventorySchema` refuses such an inventory
 */
export function gpuPool(hosts: readonly InventoryHost[]): {
  readonly gpu: GpuModel;
  readonly gpusPerNode: number;
  readonly count: number;
} {
  const members = hosts.filter((host) => host.role === "gpu");
  const first = members[0];
  if (first === undefined) {
    throw new Error("no host has role gpu; models need at least one GPU host");
  }
  return { gpu: first.gpu.model, gpusPerNode: first.gpu.count, count: members.length };
}

interface Placed<Host> {
  readonly index: number;
  readonly host: Host;
}

function soundHosts(hosts: readonly unknown[]): readonly Placed<InventoryHost>[] {
  return hosts.flatMap((raw, index) => {
    const { data } = hostSchema.safeParse(raw);
    return data === undefined ? [] : [{ index, host: data }];
  });
}

function repeated(
  hosts: readonly Placed<InventoryHost>[],
  field: "name" | "address",
  reason: (first: number) => string,
): readonly InventoryFault[] {
  const seen = new Map<string, number>();
  return hosts.flatMap(({ index, host }) => {
    const value = host[field];
    const first = seen.get(value);
    if (first !== undefined)
      return [{ path: [index, field], message: `${value} ${reason(first)}` }];
    seen.set(value, index);
    return [];
  });
}

function mixedGpus(hosts: readonly Placed<GpuHost>[]): readonly InventoryFault[] {
  const [first, ...others] = hosts;
  if (first === undefined) return [];
  const { model, count } = first.host.gpu;
  return others.flatMap(({ index, host }) => [
    ...(host.gpu.model === model
      ? []
      : [
          {
            path: [index, "gpu", "model"],
            message: `${host.gpu.model} of ${host.name} differs from ${model} of ${first.host.name}; a pool has one GPU model`,
          },
        ]),
    ...(host.gpu.count === count
      ? []
      : [
          {
            path: [index, "gpu", "count"],
            message: `${host.gpu.count} GPUs of ${host.name} differ from ${count} of ${first.host.name}; nodes of a pool have the same number`,
          },
        ]),
  ]);
}
