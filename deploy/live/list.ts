import { at, isArray, isObject, type ValueObject } from "../../policies/model/value.ts";
import type { KubeClient } from "../api/client.ts";
import { UnreachableError } from "../api/client.ts";
import { listPath } from "../api/kinds.ts";
import type { ListedKind } from "./discover.ts";
import { saidBy } from "./said-by.ts";

export type Listing =
  | { readonly objects: readonly ValueObject[] }
  /** Nothing is known of the kind: half a list would pass for the whole. */
  | { readonly reason: string };

/** Objects per answer; the server keeps the rest for the next. */
const pageSize = 500;
/** A server forgets where a list stood after some minutes (HTTP 410); the list then begins anew. */
const attempts = 3;

/** All objects of a kind in all namespaces, page by page. */
export async function listAll(
  client: KubeClient,
  kind: ListedKind,
  limit: number = pageSize,
): Promise<Listing> {
  for (let attempt = 1; ; attempt++) {
    const listing = await listOnce(client, kind, limit);
    if (listing !== "expired") return listing;
    if (attempt === attempts) return { reason: "its list changed too often to be read as a whole" };
  }
}

async function listOnce(
  client: KubeClient,
  kind: ListedKind,
  limit: number,
): Promise<Listing | "expired"> {
  const path = listPath(kind, kind.apiVersion, undefined);
  const objects: ValueObject[] = [];
  let next = "";
  do {
    const query = { limit: String(limit), ...(next === "" ? {} : { continue: next }) };
    const page = await answer(client, path, query);
    if ("reason" in page) return page;
    const { status, body } = page;
    if (status === 410) return "expired";
    const items = at(body, "items");
    if (status !== 200 || !isArray(items)) return { reason: saidBy(status, body) };
    if (!items.every(isObject)) return { reason: "its list holds something that is no object" };
    objects.push(...items);
    const token = at(body, "metadata", "continue");
    next = typeof token === "string" ? token : "";
  } while (next !== "");
  return { objects };
}

async function answer(client: KubeClient, path: string, query: Readonly<Record<string, string>>) {
  try {
    return await client.send("GET", path, { query });
  } catch (error) {
    // The server answered a moment ago; what else it holds can still be read.
    if (error instanceof UnreachableError) return { reason: error.message };
    throw error;
  }
}
