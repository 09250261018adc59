import type { NamedExpression, ResourceRule } from "../../components/lib/admission-objects.ts";
import { podKinds } from "../data/pod-kinds.ts";
import { anyOf, field, items, part, text } from "./cel.ts";
import { resourceRule, writes } from "./target.ts";

/**
 * Every kind that holds a pod template, and a running pod that gets another container. CEL has to read
 * them all in one expression, so their type is left open.
 */
export const podRules: readonly ResourceRule[] = [
  ...Map.groupBy(Object.values(podKinds), ({ group }) => group),
].map(([group, kinds]) => {
  const resources = kinds.map(({ resource }) => resource);
  const subresources = group === "" ? ["pods/ephemeralcontainers"] : [];
  return resourceRule({ group, resources: [...resources, ...subresources] }, writes);
});

/** The pod template of whatever object it is; an empty one, which no rule accepts, where there is none. */
function templateOf(object: string): string {
  const choice = Object.entries(podKinds).reduceRight(
    (otherwise, [kind, { path }]) =>
      `object.kind == ${text(kind)} ? ${path.length === 0 ? `dyn(${object})` : part(`dyn(${object})`, ...path)} : ${otherwise}`,
    "dyn({})",
  );
  return `(${choice})`;
}

/**
 * What was let in once is judged again only where its pods change. Controllers write to objects of before:
 * they scale old ReplicaSets down and take finalizers off, and a refusal would keep what it objects to.
 */
export const changesPods: NamedExpression = {
  name: "changes-pods",
  expression: `request.operation != "UPDATE" || ${anyOf(
    [["spec"], ["metadata", "labels"], ["metadata", "annotations"]].map(
      (path) =>
        `${field(templateOf("object"), ...path)} != ${field(templateOf("oldObject"), ...path)}`,
    ),
  )}`,
};

/** What conditions on pods may name, as `variables.<name>`. */
export const podVariables = [
  { name: "template", expression: templateOf("object") },
  { name: "spec", expression: part("variables.template", "spec") },
  { name: "annotations", expression: part("variables.template", "metadata", "annotations") },
  { name: "labels", expression: part("variables.template", "metadata", "labels") },
  {
    name: "containers",
    expression: ["initContainers", "containers", "ephemeralContainers"]
      .map((list) => items("variables.spec", list))
      .join(" + "),
  },
  { name: "volumes", expression: items("variables.spec", "volumes") },
] as const satisfies readonly NamedExpression[];

export const podSpec = "variables.spec";
