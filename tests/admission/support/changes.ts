import type { Value } from "../../../policies/model/value.ts";
import { changedObject, changedTemplate, container, type Refusal, type Sent } from "./objects.ts";

/** A change of the pod spec of a Deployment. Pods themselves meet Pod Security first, which refuses many. */
export function spec(
  rule: string,
  title: string,
  path: readonly (string | number)[],
  value: Value,
): Refusal {
  return { rule, title, object: changedTemplate(["spec", ...path], value) };
}

/** A change of the only container. */
export function own(
  rule: string,
  title: string,
  path: readonly (string | number)[],
  value: Value,
): Refusal {
  const { object: sent } = spec(rule, title, ["containers", 0, ...path], value);
  // The API server lets some of these pass for the users of a namespace of their own alone.
  return {
    rule,
    title,
    object: changedObject(sent, ["spec", "template", "spec", "hostUsers"], false),
  };
}

export function another(
  rule: string,
  title: string,
  fields: Readonly<Record<string, Value>>,
): Refusal {
  const added = { ...container, name: "added", ...fields };
  return spec(rule, title, ["initContainers"], [added]);
}

/** A Deployment whose pods carry more labels or annotations. */
export function metadata(map: string, keys: Readonly<Record<string, string>>): Sent {
  return changedTemplate(["metadata"], {
    labels: { app: "tool" },
    [map]: { app: "tool", ...keys },
  });
}
