import { type Field, get, textOf } from "../model/field.ts";
import type { Engine } from "./engine-settings.ts";
import { isLocalPath, modelVariables } from "./model-argument.ts";

/**
 * Absolute paths that an engine is told to load weights, tokenizers or adapters from: words of its command line,
 * and variables that name its model. What is no absolute path, A02 refuses.
 */
export function loadedPaths({ line, profile, environment }: Engine): readonly Field[] {
  const words = (line?.flags ?? [])
    .filter(({ facts }) => facts?.topic === "artefact")
    .flatMap(({ values }) => values);
  const positionals = profile?.positional === "model" ? (line?.positionals ?? []) : [];
  const variables = modelVariables.flatMap((name) => {
    const entry = environment.variables.get(name);
    return entry === undefined ? [] : [get(entry, "value")];
  });
  return [...positionals, ...words, ...variables].map(withoutAlias).filter(isLocalPath);
}

/** Adapters are given as `name=path`. */
function withoutAlias(field: Field): Field {
  const path = /^[\w.-]+=(\/.*)$/.exec(textOf(field) ?? "")?.[1];
  return path === undefined ? field : { path: field.path, value: path };
}
