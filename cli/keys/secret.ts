import { z } from "zod";
import { keysSecret } from "../../components/gateway/names.ts";
import { failure } from "../../deploy/api/failure.ts";
import { writeUnchanged } from "../../deploy/api/write-unchanged.ts";
import { DeployError } from "../../deploy/errors.ts";
import type { GatewayObjects } from "../traffic/objects.ts";
import { type KeyRing, keyRingData, proxies, readKeyRing } from "./table.ts";

const secretSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
});

/** How often somebody else may come first. */
const attempts = 5;

interface StoredRing {
  readonly ring: KeyRing;
  /** `undefined` where there is no Secret yet. */
  readonly resourceVersion: string | undefined;
}

export async function readKeys({ client, namespace }: GatewayObjects): Promise<StoredRing> {
  const place = `Secret ${namespace}/${keysSecret}`;
  const { status, body } = await client.send(
    "GET",
    `/api/v1/namespaces/${namespace}/secrets/${keysSecret}`,
  );
  if (status === 404) return { ring: readKeyRing({}), resourceVersion: undefined };
  if (status !== 200) throw failure(`${place} cannot be read`, status, body);
  const { metadata, data = {} } = secretSchema.parse(body);
  const texts = Object.entries(data).map(([name, value]) => [
    name,
    Buffer.from(value, "base64").toString(),
  ]);
  try {
    return {
      ring: readKeyRing(Object.fromEntries(texts)),
      resourceVersion: metadata.resourceVersion,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeployError(`${place}: ${reason}; restore it, or delete it and issue all keys anew`);
  }
}

/**
 * Changes the keys; starts over where somebody else changed them meanwhile.
 * @param change gives `undefined` where there is nothing to write
 * @returns false where there was nothing to write
 */
export async function changeKeys(
  objects: GatewayObjects,
  change: (ring: KeyRing) => KeyRing | undefined,
): Promise<boolean> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const { ring, resourceVersion } = await readKeys(objects);
    const changed = change(ring);
    if (changed === undefined) return false;
    if (await write(objects, changed, resourceVersion)) return true;
  }
  throw new DeployError(
    `no key was changed: others changed the keys ${attempts} times meanwhile; try again`,
    1,
  );
}

function write(
  { client, namespace }: GatewayObjects,
  ring: KeyRing,
  resourceVersion: string | undefined,
): Promise<boolean> {
  const object = {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: {
      name: keysSecret,
      namespace,
      labels: { "app.kubernetes.io/part-of": "private-llm" },
    },
    data: Object.fromEntries(
      Object.entries(keyRingData(ring)).map(([name, text]) => [
        name,
        Buffer.from(text).toString("base64"),
      ]),
    ),
  } as const;
  return writeUnchanged(client, object, resourceVersion);
}

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()).optional(),
      }),
    }),
  ),
});

/**
 * Changes an annotation of the proxies' pods, at which the kubelet looks at their Secrets anew; without it
 * it does so about once a minute. Whoever may not change pods waits.
 * @returns how many pods were told
 */
export async function nudgeProxies({ client, namespace }: GatewayObjects): Promise<number> {
  const place = `/api/v1/namespaces/${namespace}/pods`;
  const { status, body } = await client.send("GET", place);
  const pods = podsSchema.safeParse(body);
  if (status !== 200 || !pods.success) return 0;
  const names = new Set<string | undefined>(proxies);
  const concerned = pods.data.items.filter(({ metadata: { labels = {} } }) =>
    ["app.kubernetes.io/name", "app.kubernetes.io/instance"].some((key) => names.has(labels[key])),
  );
  const annotations = { "private-llm/keys-changed": new Date().toISOString() };
  const told = await Promise.all(
    concerned.map(async ({ metadata: { name } }) => {
      const answer = await client.send("PATCH", `${place}/${name}`, {
        body: { metadata: { annotations } },
        contentType: "application/merge-patch+json",
      });
      return answer.status < 300;
    }),
  );
  return told.filter(Boolean).length;
}
