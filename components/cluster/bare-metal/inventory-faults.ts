import { type LooseHost, looseHosts, type PlacedText } from "./loose-host.ts";

/** One thing wrong with the inventory; `path` starts at the list of hosts. */
export interface InventoryFault {
  readonly path: readonly (string | number)[];
  /** Value, reason and remedy. */
  readonly message: string;
}

/** What is wrong between the hosts; fields that are malformed by themselves are left out. */
export function inventoryFaults(raw: readonly unknown[]): readonly InventoryFault[] {
  const hosts = looseHosts(raw);
  return [
    ...repeated(
      hosts.flatMap(({ index, name }) => placed([index, "name"], name)),
      "name",
      "give every host its own name",
    ),
    ...repeated(
      hosts.flatMap(({ addresses }) => addresses),
      "address",
      "give every host and every BMC an address of its own",
    ),
    ...repeated(
      hosts.flatMap(({ macs }) => macs),
      "MAC address",
      "write what the hardware says",
    ),
    ...hosts.flatMap(({ nicNames }) =>
      repeated(nicNames, "interface", "list each interface of a host once"),
    ),
    ...mixedGpus(hosts.filter(({ role }) => role === "gpu")),
    ...withoutGpus(hosts, raw.length),
  ];
}

function placed(path: PlacedText["path"], text: string | undefined): PlacedText[] {
  return text === undefined ? [] : [{ path, text }];
}

/** Values that an earlier place has as well. One pass: inventories grow. */
function repeated(
  texts: readonly PlacedText[],
  what: string,
  remedy: string,
): readonly InventoryFault[] {
  const seen = new Map<string, PlacedText["path"]>();
  return texts.flatMap(({ path, text }) => {
    const first = seen.get(text);
    if (first !== undefined) {
      return [{ path, message: `${text} is also the ${what} of ${placeOf(first)}; ${remedy}` }];
    }
    seen.set(text, path);
    return [];
  });
}

/** `hosts[3]`, or the part of it that is not the host itself, such as `hosts[3].bmc`. */
function placeOf([host, ...rest]: PlacedText["path"]): string {
  const [part, place] = rest;
  if (part === "bmc") return `hosts[${host}].bmc`;
  if (part === "nics") return `hosts[${host}].nics[${place}]`;
  return `hosts[${host}]`;
}

/** A pool has one kind of node: replicas are placed by one number, and fit by one GPU model. */
function mixedGpus(hosts: readonly LooseHost[]): readonly InventoryFault[] {
  return [
    ...different(
      hosts,
      "model",
      (here, first) => `${here} differs from ${first}; a pool has one GPU model`,
    ),
    ...different(
      hosts,
      "count",
      (here, first) => `GPUs: ${here} differs from ${first}; nodes of a pool have the same number`,
    ),
  ];
}

function different(
  hosts: readonly LooseHost[],
  field: "model" | "count",
  reason: (here: string, first: string) => string,
): readonly InventoryFault[] {
  const [first, ...others] = hosts.filter(({ gpu }) => gpu[field] !== undefined);
  if (first === undefined) return [];
  return others
    .filter(({ gpu }) => gpu[field] !== first.gpu[field])
    .map((host) => ({
      path: [host.index, "gpu", field],
      message: reason(
        `${host.gpu[field]} of ${titleOf(host)}`,
        `${first.gpu[field]} of ${titleOf(first)}`,
      ),
    }));
}

function titleOf({ name, index }: LooseHost): string {
  return name ?? `hosts[${index}]`;
}

function withoutGpus(hosts: readonly LooseHost[], entries: number): readonly InventoryFault[] {
  const gpuHosts = hosts.filter(({ role }) => role === "gpu");
  if (gpuHosts.length === 0) {
    // A host whose role cannot be read may be meant as one.
    const unread = entries > hosts.length || hosts.some(({ role }) => role !== "system");
    return unread
      ? []
      : [{ path: [], message: "no host has role gpu; models need at least one GPU host" }];
  }
  if (gpuHosts.some(({ drain }) => !drain)) return [];
  return [
    {
      path: [],
      message:
        "every GPU host is being drained; models need one that takes pods: remove a drain, or add a host",
    },
  ];
}
