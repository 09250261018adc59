import { desiredKey } from "../../components/gateway/names.ts";
import {
  type Desired,
  type DesiredClass,
  desiredSchema,
  engineCluster,
} from "../../components/lib/migration/desired.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";

/** The desired routes in a ConfigMap, or why they cannot be read. */
export type ReadDesired = { readonly desired: Desired } | { readonly fault: Violation };

export function readDesired(object: KubeObject): ReadDesired {
  const field = get(rootField(object.body), "data", desiredKey);
  if (isUnreadable(field)) return { fault: unreadable(object, field) };
  const parsed = desiredSchema.safeParse(parseJson(textOf(field) ?? ""));
  return parsed.success
    ? { desired: parsed.data }
    : { fault: violation(object, field, "holds no routes in the form of this product") };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Clusters that lead out of the cluster, whichever class names them. */
export function externalClusters({ classes }: Desired): ReadonlySet<string> {
  const external = classes.flatMap(({ backends }) =>
    backends.filter(({ kind }) => kind === "external").map(({ cluster }) => cluster),
  );
  return new Set(external);
}

/** Classes above public that name anything but models of the stack. */
export function classFaults(object: KubeObject, { classes }: Desired): readonly Violation[] {
  const field = get(rootField(object.body), "data", desiredKey);
  return classes
    .filter(({ dataClass }) => dataClass !== "public")
    .flatMap((one) => [...backendFaults(object, field, one), ...shareFaults(object, field, one)]);
}

const isEngine = (cluster: string) => cluster.startsWith(engineCluster(""));

function backendFaults(object: KubeObject, field: Field, one: DesiredClass): readonly Violation[] {
  return [
    ...one.backends
      .filter(({ kind, cluster }) => kind !== "local" || !isEngine(cluster))
      .map(({ name }) =>
        violation(
          object,
          field,
          `gives the ${one.dataClass} class "${one.name}" the backend "${name}", which is no model of the stack`,
          "remove the backend, or make the class public",
        ),
      ),
    ...(one.failover
      ? [violation(object, field, `lets the ${one.dataClass} class "${one.name}" fail over`)]
      : []),
  ];
}

/** A share of a backend that is not listed would be one that nobody judged. */
function shareFaults(object: KubeObject, field: Field, one: DesiredClass): readonly Violation[] {
  const local = new Set(
    one.backends.filter(({ kind }) => kind === "local").map(({ name }) => name),
  );
  return Object.entries(one.phases).flatMap(([phase, shares]) =>
    Object.keys(shares ?? {})
      .filter((name) => !local.has(name))
      .map((name) =>
        violation(
          object,
          field,
          `gives "${name}" a share of the ${one.dataClass} class "${one.name}" in phase ${phase}, and it is no model of the stack`,
          "remove the share",
        ),
      ),
  );
}
