import { setTimeout as sleep } from "node:timers/promises";
import type { Watch } from "@kubernetes/client-node";
import { z } from "zod";
import type { KubeClient } from "../../deploy/api/client.ts";

export interface Collection {
  /** As logs and metrics call it. */
  readonly name: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

export interface Follower {
  /** All objects, each time that any of them changed. */
  onObjects(objects: readonly unknown[]): void;
  /** The API server was heard of. */
  onContact(): void;
  onError(reason: string): void;
}

/** Part of the connection that following needs. */
export interface Followed {
  client(): Promise<Pick<KubeClient, "send">>;
  watch(): Pick<Watch, "watch">;
}

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(z.unknown()),
});
const objectSchema = z.object({
  metadata: z.object({
    name: z.string().optional(),
    namespace: z.string().optional(),
    resourceVersion: z.string(),
  }),
});

/** Between two watches, so that a server that ends each at once is not asked without pause, ms. */
const breath = 100;
const firstPause = 200;
const longestPause = 5_000;

/** Keeps up with a collection until the signal: a list, then its changes, and again where they break off. */
export async function follow(
  from: Followed,
  collection: Collection,
  follower: Follower,
  signal: AbortSignal,
): Promise<void> {
  let pause = firstPause;
  while (!signal.aborted) {
    const start = performance.now();
    const reason = await listAndWatch(from, collection, follower, signal);
    if (signal.aborted) return;
    follower.onError(`${collection.name}: ${reason}`);
    // One that held for a while starts over at once; one that fails again and again waits.
    pause =
      performance.now() - start > longestPause ? firstPause : Math.min(pause * 2, longestPause);
    await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

/** @returns why it ended */
async function listAndWatch(
  from: Followed,
  collection: Collection,
  follower: Follower,
  signal: AbortSignal,
): Promise<string> {
  try {
    const objects = new Map<string, unknown>();
    let version = await list(from, collection, objects);
    follower.onContact();
    follower.onObjects([...objects.values()]);
    for (;;) {
      const ended = await watch(from, { ...collection, version }, signal, (type, object) => {
        follower.onContact();
        const place = take(objects, type, object);
        if (place === undefined) return;
        version = place;
        if (type !== "BOOKMARK") follower.onObjects([...objects.values()]);
      });
      if (ended !== undefined || signal.aborted) return ended ?? "ended";
      await sleep(breath, undefined, { signal });
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function list(
  from: Followed,
  { path, query = {} }: Collection,
  objects: Map<string, unknown>,
): Promise<string> {
  const client = await from.client();
  const { status, body } = await client.send("GET", path, { query });
  if (status !== 200) throw new Error(`list answered with HTTP ${status}`);
  const { metadata, items } = listSchema.parse(body);
  for (const item of items) objects.set(keyOf(item), item);
  return metadata.resourceVersion;
}

function keyOf(object: unknown): string {
  const { metadata } = objectSchema.parse(object);
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

/** @returns the version that the collection has now; `undefined` where the event tells of none */
function take(objects: Map<string, unknown>, type: string, object: unknown): string | undefined {
  const parsed = objectSchema.safeParse(object);
  if (!parsed.success) return undefined;
  if (type === "ADDED" || type === "MODIFIED") objects.set(keyOf(object), object);
  if (type === "DELETED") objects.delete(keyOf(object));
  return parsed.data.metadata.resourceVersion;
}

/** @returns why the list has to be read again; `undefined` where going on from the last version will do */
function watch(
  from: Followed,
  { path, query = {}, version }: Collection & { readonly version: string },
  signal: AbortSignal,
  onEvent: (type: string, object: unknown) => void,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let broken: string | undefined;
    const stop = (request: AbortController) => {
      if (signal.aborted) request.abort();
      else signal.addEventListener("abort", () => request.abort(), { once: true });
    };
    from
      .watch()
      .watch(
        path,
        { ...query, resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: 240 },
        (type, object: unknown) => {
          // Usually 410: the version is too old to go on from.
          if (type === "ERROR") broken = `watch broke off: ${JSON.stringify(object).slice(0, 200)}`;
          else onEvent(type, object);
        },
        (error: unknown) => resolve(broken ?? endOf(error)),
      )
      .then(stop, reject);
  });
}

/** The server ends every watch after a while, and a silent one is given up; neither is a fault. */
function endOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.name === "TimeoutError" || error.name === "AbortError" ? undefined : error.message;
}
