import { z } from "zod";
import { type Address, addressFault, parseAddress } from "../../lib/cidr.ts";
import { type GpuModel, gpuFacts } from "../../lib/gpus.ts";
import { keysOf } from "../../lib/keys-of.ts";

/** GPUs of one machine. */
export const gpuCount = z.int().min(1).max(16);

/**
 * What can be read of a host that may be malformed, so that faults between hosts are told whatever is
 * wrong with a single field. A field that is missing or of another type is `undefined`.
 */
export interface LooseHost {
  readonly index: number;
  readonly name: string | undefined;
  readonly role: string | undefined;
  /** As far as each is one that the schema accepts. */
  readonly gpu: {
    readonly model?: GpuModel | undefined;
    readonly count?: number | undefined;
  };
  readonly drain: boolean;
  readonly addresses: readonly PlacedAddress[];
  readonly macs: readonly PlacedText[];
  readonly nicNames: readonly PlacedText[];
}

export interface PlacedText {
  /** Path from the list of hosts. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

export interface PlacedAddress extends PlacedText {
  readonly owner: "host" | "bmc";
  readonly address: Address;
}

const text = z.string().optional().catch(undefined);
const nic = z.object({ name: text, mac: text }).catch({ name: undefined, mac: undefined });
const bmc = z
  .object({ address: text, mac: text })
  .optional()
  .catch({ address: undefined, mac: undefined });
const gpu = z
  .object({
    model: keysOf<GpuModel>(gpuFacts).optional().catch(undefined),
    count: gpuCount.optional().catch(undefined),
  })
  .catch({});

const looseSchema = z.object({
  name: text,
  address: text,
  role: text,
  drain: z.boolean().catch(false),
  gpu,
  bmc,
  nics: z.array(nic).catch([]),
});

/** Entries that are no objects are left out: the schema has told them. */
export function looseHosts(hosts: readonly unknown[]): readonly LooseHost[] {
  return hosts.flatMap((raw, index) => {
    const { data } = looseSchema.safeParse(raw);
    return data === undefined ? [] : [looseHost(data, index)];
  });
}

function looseHost(host: z.infer<typeof looseSchema>, index: number): LooseHost {
  const nicTexts = (field: "name" | "mac") =>
    host.nics.flatMap((each, place) => placedText([index, "nics", place, field], each[field]));
  return {
    index,
    name: host.name,
    role: host.role,
    gpu: host.gpu,
    drain: host.drain,
    addresses: [
      ...placedAddress([index, "address"], host.address, "host"),
      ...placedAddress([index, "bmc", "address"], host.bmc?.address, "bmc"),
    ],
    macs: [...placedText([index, "bmc", "mac"], host.bmc?.mac), ...nicTexts("mac")],
    nicNames: nicTexts("name"),
  };
}

function placedText(path: PlacedText["path"], value: string | undefined): PlacedText[] {
  return value === undefined ? [] : [{ path, text: value }];
}

function placedAddress(
  path: PlacedText["path"],
  value: string | undefined,
  owner: PlacedAddress["owner"],
): PlacedAddress[] {
  if (value === undefined || addressFault(value) !== undefined) return [];
  return [{ path, text: value, owner, address: parseAddress(value) }];
}
