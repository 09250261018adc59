import type { Graph } from "../model/rule.ts";
import { isArray, type Value } from "../model/value.ts";

const accountId = /^\d{12}$/;

/** The accounts that the providers of the graph may work in; empty where none says. */
export function ownAccounts(graph: Graph): ReadonlySet<string> {
  const lists = graph.resources
    .filter(({ type }) => type === "pulumi:providers:aws")
    .map(({ properties }) => listOf(properties["allowedAccountIds"]));
  return new Set(lists.flat());
}

/** A provider keeps its lists as JSON. */
function listOf(value: Value | undefined): readonly string[] {
  if (isArray(value)) return value.filter(isAccount);
  if (typeof value !== "string") return [];
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.filter(isAccount) : [];
  } catch {
    return [];
  }
}

function isAccount(value: unknown): value is string {
  return typeof value === "string" && accountId.test(value);
}

/** The account in the name of a principal: an ARN, or the account's own number. */
export function accountOf(principal: string): string | undefined {
  if (accountId.test(principal)) return principal;
  return /^arn:aws[\w-]*:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
}
