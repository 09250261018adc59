import type { Lock } from "../infra/lock.ts";
import type { Resolved } from "./outcome.ts";
import { type Catalogue, type Kind, kinds, subjectsOf } from "./subjects.ts";

/**
 * same: the lock holds what was read; moved: the name points elsewhere now; example: what the lock
 * holds was never read; missing: the lock lacks the name; unlisted: the lock names what nothing deploys.
 */
export type State = "same" | "moved" | "example" | "missing" | "unlisted";

/** One name of the lock before and after a run. */
export interface Change {
  readonly kind: Kind;
  readonly key: string;
  readonly state: State;
  /** Digest or revision in the lock; absent where it lacks the name. */
  readonly before?: string;
  /** What was read now; absent where that failed or the name is unlisted. */
  readonly after?: string;
}

/** Changes of the names asked for, and every name that nothing deploys any more. */
export function changesOf(
  before: Lock,
  from: Catalogue,
  wanted: readonly Kind[],
  resolved: readonly Resolved[],
): readonly Change[] {
  const read = new Map(resolved.map((one) => [`${one.kind} ${one.key}`, valueOf(one)]));
  const asked = subjectsOf(from, wanted).flatMap(({ kind, key }) =>
    changeOf(kind, key, before, read.get(`${kind} ${key}`)),
  );
  const listed = new Set(subjectsOf(from, kinds).map(({ kind, key }) => `${kind} ${key}`));
  const unlisted = kinds.flatMap((kind) =>
    Object.keys(before[kind])
      .filter((key) => !listed.has(`${kind} ${key}`))
      .map((key) => ({ kind, key, state: "unlisted" as const, ...was(before, kind, key) })),
  );
  return [...asked, ...unlisted];
}

/** None where the lock holds a digest that was read once and could not be read now: that is a failure. */
function changeOf(kind: Kind, key: string, before: Lock, after: string | undefined): Change[] {
  const held = was(before, kind, key);
  const now = after === undefined ? {} : { after };
  if (held.before === undefined) return [{ kind, key, state: "missing", ...now }];
  if (before[kind][key]?.example === true)
    return [{ kind, key, state: "example", ...held, ...now }];
  if (after === undefined) return [];
  return [{ kind, key, state: after === held.before ? "same" : "moved", ...held, after }];
}

function was(before: Lock, kind: Kind, key: string): { readonly before?: string } {
  const value = kind === "models" ? before.models[key]?.revision : before[kind][key]?.digest;
  return value === undefined ? {} : { before: value };
}

function valueOf(one: Resolved): string {
  return one.kind === "models" ? one.revision : one.digest;
}
