import type { Undecided } from "../../offline/report/stack-report.ts";
import { at, isArray, type Value } from "../../policies/model/value.ts";
import type { KubeClient } from "../api/client.ts";
import { failure } from "../api/failure.ts";
import type { ServedKind } from "../api/kinds.ts";
import { isUnread, isUnreadGroup, kindKey, required } from "./kinds.ts";
import { saidBy } from "./said-by.ts";

/** A kind whose objects can be listed. */
export interface ListedKind extends ServedKind {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface Discovery {
  /** In the order in which the server names them. */
  readonly kinds: readonly ListedKind[];
  /** Parts of the API that did not answer, and kinds that should be there. */
  readonly undecided: readonly Undecided[];
}

/**
 * The kinds that a server serves and that say something, each once: in the version that the server
 * prefers, or in an older one where only that has the kind.
 * @throws DeployError where the server does not say what it serves
 */
export async function discover(client: KubeClient): Promise<Discovery> {
  const found = new Map<string, ListedKind>();
  const undecided: Undecided[] = [];
  for (const apiVersion of ["v1", ...(await versions(client))]) {
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { status, body } = await client.send("GET", path);
    const resources = at(body, "resources");
    if (status !== 200 || !isArray(resources)) {
      undecided.push({ subject: `every kind of ${apiVersion}`, reason: saidBy(status, body) });
      continue;
    }
    for (const kind of resources.flatMap((each) => listed(each, apiVersion))) {
      const key = kindKey(kind);
      if (!isUnread(kind) && !found.has(key)) found.set(key, kind);
    }
  }
  const missing = required.filter((kind) => !found.has(kindKey(kind)));
  return {
    kinds: [...found.values()],
    undecided: [
      ...undecided,
      ...missing.map(({ apiVersion, kind }) => ({
        subject: `${kind} (${apiVersion})`,
        reason: "is not served, or cannot be listed",
      })),
    ],
  };
}

/** Every version of every group, the preferred one of each group first. */
async function versions(client: KubeClient): Promise<string[]> {
  const { status, body } = await client.send("GET", "/apis");
  const groups = at(body, "groups");
  if (status !== 200 || !isArray(groups)) {
    throw failure("what the API server serves cannot be looked up", status, body);
  }
  return groups.flatMap((group) => {
    const preferred = at(group, "preferredVersion", "groupVersion");
    const all = at(group, "versions");
    const named = [preferred, ...(isArray(all) ? all.map((one) => at(one, "groupVersion")) : [])];
    const known = named.filter((version) => typeof version === "string");
    return [...new Set(known)].filter((version) => !isUnreadGroup(version));
  });
}

function listed(resource: Value, apiVersion: string): ListedKind[] {
  const plural = at(resource, "name");
  const kind = at(resource, "kind");
  const verbs = at(resource, "verbs");
  if (typeof plural !== "string" || typeof kind !== "string" || plural.includes("/")) return [];
  if (!isArray(verbs) || !verbs.includes("list")) return [];
  return [{ apiVersion, kind, plural, namespaced: at(resource, "namespaced") === true }];
}
