import type {
  LabelSelector,
  Labels,
  NamespacedPods,
  Pod,
  Requirement,
  Universe,
} from "./kubernetes.ts";

/** All parts of a selector must hold; a selector without parts holds for everything. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const pairs = Object.entries(selector.matchLabels ?? {});
  const requirements = selector.matchExpressions ?? [];
  return (
    pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    requirements.every((requirement) => meets(requirement, labels))
  );
}

function meets({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      operator satisfies never;
      throw new Error("unreachable");
  }
}

/** The API server writes the name of a namespace into its labels, over whatever the user wrote there. */
export function namespaceLabels(universe: Universe, name: string): Labels {
  const given = universe.namespaces.find((each) => each.name === name)?.labels ?? {};
  return { ...given, "kubernetes.io/metadata.name": name };
}

export function selectsPods(universe: Universe, pods: NamespacedPods, pod: Pod): boolean {
  return (
    selects(pods.namespaceSelector, namespaceLabels(universe, pod.namespace)) &&
    selects(pods.podSelector, pod.labels)
  );
}
