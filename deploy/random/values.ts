import type { PlannedObject } from "../../offline/render/plan.ts";
import { at, isObject } from "../../policies/model/value.ts";
import type { KubeClient } from "../api/client.ts";
import { failure } from "../api/failure.ts";
import { applyObject, type LiveObject, readObject } from "../api/objects.ts";
import { DeployError } from "../errors.ts";
import { notesNamespace, stackLabel } from "../ownership.ts";
import { generate, type RandomSpec } from "./generate.ts";
import { fromBase64, type Home, markerUse, toBase64 } from "./markers.ts";

/** The random values of a stack on one cluster. */
export interface RandomValues {
  readonly values: ReadonlyMap<string, string>;
  /** Names of values that were made now, not read back. */
  readonly made: readonly string[];
  /** Values that no Secret of the stack can give back; this tool keeps them. Empty for most stacks. */
  readonly kept: ReadonlyMap<string, string>;
}

/**
 * Each random value as the cluster has it already, or a new one. A value that stands alone under a
 * key of one of the stack's Secrets is read back from there. One that only occurs inside longer text
 * is kept in a Secret of this tool. Nothing is written.
 * @throws DeployError where a value is there and cannot be read: a new one would lock clients out
 */
export async function resolveRandom(
  client: KubeClient,
  stack: string,
  planned: readonly PlannedObject[],
  specs: ReadonlyMap<string, RandomSpec>,
): Promise<RandomValues> {
  const { names, homes } = markerUse(planned);
  checkUse(names, specs);
  const store = await readStore(
    client,
    stack,
    names.some((name) => !homes.has(name)),
  );
  const values = new Map<string, string>();
  const kept = new Map(store);
  const made: string[] = [];
  for (const name of names) {
    const own = homes.get(name);
    const found = own === undefined ? store.get(name) : await readBack(client, name, own);
    const value = found ?? generate(name, specOf(specs, name));
    if (found === undefined) made.push(name);
    if (own === undefined) kept.set(name, value);
    values.set(name, value);
  }
  return { values, made, kept };
}

/** A value that no object takes as it is was transformed, and the transformed marker would be deployed. */
function checkUse(names: readonly string[], specs: ReadonlyMap<string, RandomSpec>): void {
  const lost = [...specs.keys()].filter((name) => !names.includes(name));
  if (lost.length > 0) {
    throw new DeployError(
      `random values ${lost.join(", ")}: no object takes them as they are, so they are unused, or the ` +
        "program transforms them, which only the engine can do; remove them, or deploy with the Pulumi CLI",
    );
  }
  for (const name of names) specOf(specs, name);
}

function specOf(specs: ReadonlyMap<string, RandomSpec>, name: string): RandomSpec {
  const spec = specs.get(name);
  if (spec !== undefined) return spec;
  throw new DeployError(`random value ${name} is used, and no resource of the stack makes it`);
}

async function readBack(
  client: KubeClient,
  name: string,
  homes: readonly Home[],
): Promise<string | undefined> {
  const found = new Map<string, string>();
  for (const { namespace, secret, key } of homes) {
    const title = `Secret ${namespace}/${secret}`;
    const live = await readObject(client, secretPath(namespace, secret), title);
    const value = live === undefined ? undefined : readKey(live, key, title);
    if (value !== undefined) found.set(title, value);
  }
  if (new Set(found.values()).size > 1) {
    throw new DeployError(
      `random value ${name}: ${[...found.keys()].join(" and ")} hold different values; make them equal, ` +
        "or delete the wrong one, then run again",
    );
  }
  return found.values().next().value;
}

/** @returns `undefined` where the Secret lacks the key */
function readKey(live: LiveObject, key: string, title: string): string | undefined {
  const data = at(live.body, "data");
  const text = isObject(data) ? data[key] : undefined;
  if (text === undefined) return undefined;
  if (typeof text === "string" && text !== "" && toBase64(fromBase64(text)) === text)
    return fromBase64(text);
  throw new DeployError(
    `${title}: key ${key} is there and cannot be read back; restore it, or delete the key to have a ` +
      "new value made, which every client then needs",
  );
}

export function storeName(stack: string): string {
  return `private-llm-random-${stack}`;
}

export function storePath(stack: string): string {
  return secretPath(notesNamespace, storeName(stack));
}

async function readStore(
  client: KubeClient,
  stack: string,
  needed: boolean,
): Promise<ReadonlyMap<string, string>> {
  if (!needed) return new Map();
  const title = `Secret ${notesNamespace}/${storeName(stack)}`;
  const live = await readObject(client, storePath(stack), title);
  const data = live === undefined ? undefined : at(live.body, "data");
  if (live === undefined || !isObject(data)) return new Map();
  return new Map(Object.keys(data).map((key) => [key, readKey(live, key, title) ?? ""]));
}

/** Written before any object takes one of the values, so that an interrupted run loses none. */
export async function writeStore(
  client: KubeClient,
  stack: string,
  kept: ReadonlyMap<string, string>,
): Promise<void> {
  if (kept.size === 0) return;
  const { status, body } = await applyObject(
    client,
    storePath(stack),
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: storeName(stack),
        namespace: notesNamespace,
        labels: { [stackLabel]: stack },
      },
      data: Object.fromEntries([...kept].map(([name, value]) => [name, toBase64(value)])),
    },
    { force: true },
  );
  if (status >= 300)
    throw failure(`Secret ${notesNamespace}/${storeName(stack)} cannot be written`, status, body);
}

function secretPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${namespace}/secrets/${name}`;
}
