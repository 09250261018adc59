import { elements, type Field, get } from "../model/field.ts";

/** The environment of a container as far as its spec decides it. */
export interface Environment {
  readonly path: string;
  /** The entry that counts for each name: Kubernetes lets the last one win. */
  readonly variables: ReadonlyMap<string, Field>;
  /** Entries whose name cannot be read: each may set any variable. */
  readonly undecided: readonly Field[];
  /** Entries of `envFrom`: each may set any variable that no explicit entry sets. */
  readonly sources: readonly Field[];
}

export function environmentOf(container: Field): Environment {
  const variables = new Map<string, Field>();
  const undecided: Field[] = [];
  for (const entry of elements(get(container, "env"))) {
    const name = get(entry, "name");
    if (typeof name.value === "string") variables.set(name.value, entry);
    else undecided.push(name);
  }
  const path = container.path === "" ? "env" : `${container.path}.env`;
  return { path, variables, undecided, sources: elements(get(container, "envFrom")) };
}

/** Whether an `envFrom` entry could set the variable; its prefix can rule that out. */
export function mayProvide(source: Field, variable: string): boolean {
  const prefix = get(source, "prefix").value;
  if (prefix === undefined) return true;
  return typeof prefix !== "string" || variable.startsWith(prefix);
}
