import type { Leaf } from "./leaves.ts";

/**
 * Values of the real stacks that may be unknown, since no value that could come out opens a way out or
 * weakens a wall. Everything else that is unknown has to turn a rule red.
 */
export interface IrrelevantLeaves {
  /** `namespace/Kind`, `Kind` of a cluster-scoped object, or a type; `*` stands for any text. */
  readonly kinds: readonly string[];
  /** Paths as the fuzz shows them; `*` stands for any text. */
  readonly paths: readonly string[];
  readonly reason: string;
}

/** Whether an exception speaks of a leaf. */
export function covers(
  { kinds, paths }: Pick<IrrelevantLeaves, "kinds" | "paths">,
  { kind, path }: Pick<Leaf, "kind" | "path">,
): boolean {
  return kinds.some((each) => matches(each, kind)) && paths.some((each) => matches(each, path));
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
