import { z } from "zod";
import type { EngineAddress } from "../components/gateway/envoy/endpoints.ts";
import {
  desiredConfigMap,
  desiredKey,
  overrideConfigMap,
  overrideKey,
  recordPrefix,
} from "../components/gateway/names.ts";
import { type StoredRecord, storedRecord } from "../migration/stored-record.ts";

/** What the cluster says, as far as the controller needs it. */
export interface Traffic {
  /** `undefined` where there is no such object. */
  readonly desired: string | undefined;
  readonly override: string | undefined;
  readonly records: readonly StoredRecord[];
}

/** Addresses of one Service, from the API. */
export interface Slice {
  readonly service: string;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  /** Of the endpoints that are ready. */
  readonly addresses: readonly string[];
  /** Pods behind them, where they are pods. */
  readonly pods: readonly string[];
}

/** Parts are `undefined` until they were read once: not knowing is not the same as nothing there. */
export interface Observed {
  readonly traffic?: Traffic;
  readonly engines?: readonly Slice[];
  readonly egress?: readonly Slice[];
  /** Pods of the open gateway that clients may be sent to. */
  readonly gateways?: ReadonlySet<string>;
  /** In the place of both, where addresses come from a file. */
  readonly file?: AddressFile;
}

export type AddressFile = Readonly<Record<string, readonly EngineAddress[]>>;

const configMapSchema = z.object({
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
});

/** Records never change, so each is read once. */
const read = new WeakMap<object, StoredRecord>();

/** The objects that matter among the ConfigMaps of the gateway's namespace. */
export function trafficOf(configMaps: readonly unknown[]): Traffic {
  const found = configMaps.flatMap((object) => {
    const parsed = configMapSchema.safeParse(object);
    return parsed.success
      ? [{ object, name: parsed.data.metadata.name, data: parsed.data.data ?? {} }]
      : [];
  });
  const entry = (name: string, key: string) => {
    const object = found.find((each) => each.name === name);
    // An object without the entry is a broken one, not a missing one.
    return object === undefined ? undefined : (object.data[key] ?? "");
  };
  return {
    desired: entry(desiredConfigMap, desiredKey),
    override: entry(overrideConfigMap, overrideKey),
    records: found
      .filter(({ name }) => name.startsWith(recordPrefix))
      .map(({ object, name, data }) => {
        if (typeof object !== "object" || object === null) return storedRecord(name, data);
        const record = read.get(object) ?? storedRecord(name, data);
        read.set(object, record);
        return record;
      }),
  };
}

const sliceSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).optional() }),
  ports: z.array(z.object({ name: z.string().nullish(), port: z.number().nullish() })).nullish(),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().nullish() }).nullish(),
        targetRef: z.object({ kind: z.string().optional(), name: z.string().optional() }).nullish(),
      }),
    )
    .nullish(),
});

const serviceLabel = "kubernetes.io/service-name";

export function slicesOf(objects: readonly unknown[]): readonly Slice[] {
  return objects.flatMap((object) => {
    const parsed = sliceSchema.safeParse(object);
    const service = parsed.data?.metadata.labels?.[serviceLabel];
    if (!parsed.success || service === undefined) return [];
    const { ports, endpoints } = parsed.data;
    // The API says that an absent condition means ready.
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    return [
      {
        service,
        ports: (ports ?? []).flatMap(({ name, port }) =>
          typeof port === "number" ? [{ name: name ?? "", port }] : [],
        ),
        addresses: ready.flatMap(({ addresses }) => addresses.slice(0, 1)),
        pods: ready.flatMap(({ targetRef }) =>
          targetRef?.kind === "Pod" && targetRef.name !== undefined ? [targetRef.name] : [],
        ),
      },
    ];
  });
}

export function podsOf(slices: readonly Slice[], service: string): ReadonlySet<string> {
  return new Set(slices.filter((one) => one.service === service).flatMap(({ pods }) => pods));
}

const addressFileSchema = z.record(
  z.string(),
  z.array(z.strictObject({ address: z.string().min(1), port: z.int().min(1).max(65_535) })),
);

/** @throws Error that says what the file lacks */
export function addressFile(text: string): AddressFile {
  return addressFileSchema.parse(JSON.parse(text));
}
