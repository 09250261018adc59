import { type Lock, lockSchema } from "../infra/lock.ts";
import type { Resolved } from "./outcome.ts";
import { type Catalogue, type Kind, kinds, subjectsOf } from "./subjects.ts";

export const emptyLock: Lock = { images: {}, charts: {}, models: {} };

/**
 * The lock after a run: what was read replaces what stood there, names that were not read keep what
 * they had, examples stay examples, and names that the catalogue no longer has are gone.
 */
export function mergeLock(before: Lock, from: Catalogue, resolved: readonly Resolved[]): Lock {
  const listed = new Set(subjectsOf(from, kinds).map(({ kind, key }) => `${kind} ${key}`));
  const kept = <T>(kind: Kind, entries: Readonly<Record<string, T>>): [string, T][] =>
    Object.entries(entries).filter(([key]) => listed.has(`${kind} ${key}`));
  const digests = (kind: "images" | "charts") =>
    resolved.flatMap((one) =>
      one.kind === kind ? [[one.key, { digest: one.digest }] as const] : [],
    );
  const revisions = resolved.flatMap((one) =>
    one.kind === "models" ? [[one.key, { revision: one.revision }] as const] : [],
  );
  return {
    images: sorted([...kept("images", before.images), ...digests("images")]),
    charts: sorted([...kept("charts", before.charts), ...digests("charts")]),
    models: sorted([...kept("models", before.models), ...revisions]),
  };
}

/** The bytes of a lock file; the same for the same lock. @throws ZodError rather than write a bad one */
export function lockText(lock: Lock): string {
  return `${JSON.stringify(lockSchema.parse(lock), undefined, 2)}\n`;
}

/** Later entries win. Code unit order, so that no machine's language changes the file. */
function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const unique = [...new Map(entries)];
  return Object.fromEntries(unique.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
