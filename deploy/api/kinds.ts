import type { PlannedObject } from "../../offline/render/plan.ts";
import { at, isArray, type Value } from "../../policies/model/value.ts";
import { DeployError } from "../errors.ts";
import type { KubeClient } from "./client.ts";
import { failure } from "./failure.ts";

/** How the API server serves a kind. */
export interface ServedKind {
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** `undefined` for a cluster-scoped object. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Looks kinds up on the server, once per API version. */
export class Kinds {
  private readonly client: KubeClient;
  private readonly known = new Map<string, ReadonlyMap<string, ServedKind>>();

  constructor(client: KubeClient) {
    this.client = client;
  }

  /** `undefined` where the server does not serve the kind now. */
  async find(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const seen = this.known.get(apiVersion)?.get(kind);
    if (seen !== undefined) return seen;
    // Asked again for a kind that was missing: a definition may have brought it meanwhile.
    const served = await this.ask(apiVersion);
    this.known.set(apiVersion, served);
    return served.get(kind);
  }

  private async ask(apiVersion: string): Promise<ReadonlyMap<string, ServedKind>> {
    const { status, body } = await this.client.send("GET", groupPath(apiVersion));
    if (status === 404) return new Map();
    if (status !== 200) throw failure(`${apiVersion} cannot be looked up`, status, body);
    const resources = at(body, "resources");
    if (!isArray(resources)) return new Map();
    return new Map(resources.flatMap(servedKind));
  }
}

function servedKind(resource: Value): [string, ServedKind][] {
  const [plural, kind] = [at(resource, "name"), at(resource, "kind")];
  if (typeof plural !== "string" || typeof kind !== "string" || plural.includes("/")) return [];
  return [[kind, { plural, namespaced: at(resource, "namespaced") === true }]];
}

/** Kinds that the plan itself defines, keyed `apiVersion kind`. */
export function definedKinds(planned: readonly PlannedObject[]): ReadonlyMap<string, ServedKind> {
  const kinds = new Map<string, ServedKind>();
  for (const { kind, body } of planned) {
    if (kind !== "CustomResourceDefinition") continue;
    const spec = at(asValue(body), "spec");
    const group = at(spec, "group");
    const plural = at(spec, "names", "plural");
    const defined = at(spec, "names", "kind");
    const versions = at(spec, "versions");
    if (typeof group !== "string" || typeof plural !== "string" || typeof defined !== "string")
      continue;
    for (const version of isArray(versions) ? versions : []) {
      const name = at(version, "name");
      if (typeof name !== "string") continue;
      const namespaced = at(spec, "scope") === "Namespaced";
      kinds.set(`${group}/${name} ${defined}`, { plural, namespaced });
    }
  }
  return kinds;
}

/** Plain JSON as the value it is on the wire. */
export function asValue(json: Readonly<Record<string, unknown>>): Value {
  return JSON.parse(JSON.stringify(json));
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Path of one object. */
export function objectPath(
  served: ServedKind,
  { apiVersion, kind, namespace, name }: ObjectReference,
): string {
  const place = served.namespaced ? `/namespaces/${namespace ?? "default"}` : "";
  // Dots are common in names of definitions; a slash would address something else.
  if (name.includes("/") || name === "." || name === ".." || name === "") {
    throw new DeployError(`${kind} "${name}": not a name that Kubernetes accepts`);
  }
  return `${groupPath(apiVersion)}${place}/${served.plural}/${encodeURIComponent(name)}`;
}

/** Path of all objects of a kind in a namespace, or of all there are. */
export function listPath(
  served: ServedKind,
  apiVersion: string,
  namespace: string | undefined,
): string {
  const place = served.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : "";
  return `${groupPath(apiVersion)}${place}/${served.plural}`;
}
