import type { PolicyException } from "../../components/lib/stack/policies.ts";
import { podKinds } from "../data/pod-kinds.ts";
import { anyOf, items, text } from "./cel.ts";

/** What a controller makes in between: its pods belong to that, not to the object itself. */
const between: Readonly<Record<string, string>> = { CronJob: "Job", Deployment: "ReplicaSet" };

/**
 * CEL that is true for an object whose breach of a rule the stack accepts, and for what its controller
 * makes of it; `undefined` where it accepts none. The API server knows no date: an exception holds until
 * the stack is deployed without it, and one that has expired keeps the stack from being deployed. Nor does
 * it know paths, so the whole rule is excepted for the object.
 */
export function exempted(rule: string, exceptions: readonly PolicyException[]): string | undefined {
  const conditions = exceptions
    .filter(({ policy }) => policy === rule)
    .flatMap(({ object }) => {
      const named = /^(\w+) (?:([^/\s]+)\/)?([^/\s]+)$/.exec(object);
      const [, kind, namespace, name] = named ?? [];
      return kind === undefined || name === undefined ? [] : [isMeant(kind, namespace ?? "", name)];
    });
  return conditions.length === 0 ? undefined : anyOf(conditions);
}

function isMeant(kind: string, namespace: string, name: string): string {
  const inNamespace = kind === "Namespace" ? "true" : `request.namespace == ${text(namespace)}`;
  const itself = `object.kind == ${text(kind)} && object.metadata.name == ${text(name)}`;
  if (!Object.hasOwn(podKinds, kind)) return `${inNamespace} && ${itself}`;
  const middle = between[kind];
  const owners = [
    `o.kind == ${text(kind)} && o.name == ${text(name)}`,
    ...(middle === undefined
      ? []
      : [`o.kind == ${text(middle)} && o.name.startsWith(${text(`${name}-`)})`]),
  ];
  const owned = `${items("object.metadata", "ownerReferences")}.exists(o, o.?controller.orValue(false) && ${anyOf(owners)})`;
  return `${inNamespace} && ${anyOf([itself, owned])}`;
}
