import { createHash } from "node:crypto";
import { z } from "zod";
import { type ClientKey, keysResource } from "../../components/gateway/envoy/keys.ts";
import { closedGateway, keysFile, openGateway } from "../../components/gateway/names.ts";
import type { DesiredClass } from "../../components/lib/migration/desired.ts";
import { isOpen } from "../../migration/shares.ts";

/** Entry of the Secret with what is known of each key; no key is in it. */
export const tableKey = "keys.json";
const hashDigits = 16;

export const proxies = [openGateway, closedGateway] as const;
export type KeyProxy = (typeof proxies)[number];

const entry = z.strictObject({
  id: z.string(),
  team: z.string(),
  class: z.string(),
  /** First digits of the key's SHA-256: enough to tell keys apart, and no help in finding one. */
  sha256: z.string(),
  /** RFC 3339, UTC. */
  created: z.string(),
  /** As the API server authenticated them. */
  by: z.string(),
});
const tableSchema = z.strictObject({ version: z.literal(1), keys: z.array(entry) });

export type KeyEntry = z.infer<typeof entry>;

/** All keys of a gateway: what the proxies read, and what people may know of it. */
export interface KeyRing {
  readonly files: Readonly<Record<KeyProxy, readonly ClientKey[]>>;
  readonly table: readonly KeyEntry[];
}

/** Part of a proxy's file that is read back. */
const fileSchema = z.object({
  resources: z
    .array(
      z.object({
        typed_config: z.object({
          credentials: z.array(z.object({ key: z.string(), client: z.string() })).default([]),
        }),
      }),
    )
    .length(1),
});

/**
 * @param data entries of the Secret as text; an absent file holds no key
 * @throws Error that names the entry, and nothing that is in it
 */
export function readKeyRing(data: Readonly<Record<string, string | undefined>>): KeyRing {
  return {
    files: {
      [openGateway]: credentialsIn(data, openGateway),
      [closedGateway]: credentialsIn(data, closedGateway),
    },
    table: tableIn(data[tableKey]),
  };
}

function tableIn(text: string | undefined): readonly KeyEntry[] {
  if (text === undefined) return [];
  return parsed(tableKey, text, tableSchema).keys;
}

function credentialsIn(
  data: Readonly<Record<string, string | undefined>>,
  proxy: KeyProxy,
): readonly ClientKey[] {
  const name = keysFile(proxy);
  const text = data[name];
  if (text === undefined) return [];
  const [resource] = parsed(name, text, fileSchema).resources;
  // The file's value has a hash behind class and team, which is made anew from them.
  return (resource?.typed_config.credentials ?? []).map(({ key, client }) => ({
    key,
    client: client.split("/").slice(0, 2).join("/"),
  }));
}

function parsed<T>(name: string, text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${name} is no JSON`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const places = result.error.issues.map(({ path }) => path.join("."));
  throw new Error(`${name} is not of the form that this command writes, at ${places.join(", ")}`);
}

/** Entries of the Secret. Both files are always there, or a proxy would read no key list at all. */
export function keyRingData({ files, table }: KeyRing): Record<string, string> {
  return {
    ...Object.fromEntries(proxies.map((proxy) => [keysFile(proxy), keysResource(files[proxy])])),
    [tableKey]: `${JSON.stringify({ version: 1, keys: table }, undefined, 2)}\n`,
  };
}

export interface NewKey {
  readonly key: string;
  readonly id: string;
  readonly team: string;
  readonly class: DesiredClass;
  readonly created: string;
  readonly by: string;
}

/** The proxy that serves a class. */
export function proxyOf(taskClass: DesiredClass): KeyProxy {
  return isOpen(taskClass) ? openGateway : closedGateway;
}

export function withKey(ring: KeyRing, { key, id, team, class: of, created, by }: NewKey): KeyRing {
  const proxy = proxyOf(of);
  const file = [...ring.files[proxy], { key, client: `${of.name}/${team}` }];
  return {
    files: { ...ring.files, [proxy]: file },
    table: [...ring.table, { id, team, class: of.name, sha256: hashOfKey(key), created, by }],
  };
}

/** `undefined` where no key has this id. */
export function withoutKey(ring: KeyRing, id: string): KeyRing | undefined {
  const found = ring.table.find((one) => one.id === id);
  if (found === undefined) return undefined;
  const others = (file: readonly ClientKey[]) =>
    file.filter(({ key }) => hashOfKey(key) !== found.sha256);
  return {
    files: {
      [openGateway]: others(ring.files[openGateway]),
      [closedGateway]: others(ring.files[closedGateway]),
    },
    table: ring.table.filter((one) => one !== found),
  };
}

/** Keys that proxies accept and the table does not know: somebody wrote the Secret by hand. */
export function unlisted(
  ring: KeyRing,
): readonly { readonly client: string; readonly sha256: string }[] {
  const known = new Set(ring.table.map(({ sha256 }) => sha256));
  return proxies
    .flatMap((proxy) => ring.files[proxy])
    .map(({ key, client }) => ({ client, sha256: hashOfKey(key) }))
    .filter(({ sha256 }) => !known.has(sha256));
}

function hashOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, hashDigits);
}
