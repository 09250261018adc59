import { groupOf, isKind } from "../../kubernetes/api-groups.ts";
import { isWorkload } from "../../kubernetes/pod-templates.ts";
import { isInferenceNamespace } from "../../kubernetes/scope.ts";
import { selectsEverything } from "../../kubernetes/selectors.ts";
import { elements, type Field, get, isEmpty, isUnreadable, rootField } from "../../model/field.ts";
import { describe, type KubeObject } from "../../model/kube-object.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unknown } from "../../model/value.ts";
import { unreadable, violation } from "../../model/violation.ts";

const directions = ["Ingress", "Egress"] as const;
type Direction = (typeof directions)[number];

const typesRemedy = 'write policyTypes: ["Ingress", "Egress"], or the one direction that is meant';

export const defaultDeny: StackRule = {
  id: "E04",
  name: "default-deny",
  level: "stack",
  description:
    "Every inference namespace denies all traffic in both directions by default, and each of its network policies says which directions it governs.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { cis: ["5.3.2"], nsa: ["Net"] },
  remedy:
    'add a NetworkPolicy with podSelector: {} and policyTypes: ["Ingress", "Egress"] and no rules',
  check: (graph, settings) => [
    ...[...namespaces(graph, settings).values()].flatMap(checkNamespace),
    ...undecidedNamespaces(graph),
  ],
};

/** What the graph holds of one inference namespace. */
interface NamespaceContents {
  readonly name: string;
  /** Where a missing default deny is reported: the Namespace object, else a workload, else anything. */
  owner: KubeObject;
  rank: number;
  /** Whether a default deny is due: where every namespace counts, only one that can hold pods owes it. */
  due: boolean;
  readonly policies: KubeObject[];
}

function namespaces(graph: Graph, settings: Settings): Map<string, NamespaceContents> {
  const found = new Map<string, NamespaceContents>();
  const declared = settings.inferenceNamespaces !== "every";
  for (const object of graph.objects) {
    const name = isKind(object, "Namespace") ? object.name : object.namespace;
    const rank = ownerRank(object);
    if (typeof name !== "string" || !isInferenceNamespace(name, settings)) continue;
    if (!declared && rank === 0 && !isKind(object, "NetworkPolicy")) continue;
    const contents = found.get(name) ?? { name, owner: object, rank, due: declared, policies: [] };
    if (rank > 0) contents.due = true;
    if (speaksBefore(object, rank, contents)) Object.assign(contents, { owner: object, rank });
    if (isKind(object, "NetworkPolicy")) contents.policies.push(object);
    found.set(name, contents);
  }
  return found;
}

/** By rank, then by URN: the order of the graph is not stable and must not show in a report. */
function speaksBefore(object: KubeObject, rank: number, contents: NamespaceContents): boolean {
  if (rank !== contents.rank) return rank > contents.rank;
  return object.resource.urn < contents.owner.resource.urn;
}

function ownerRank(object: KubeObject): number {
  if (isKind(object, "Namespace")) return 2;
  return isWorkload(object) ? 1 : 0;
}

function checkNamespace(contents: NamespaceContents): readonly Violation[] {
  const faults = [
    ...contents.policies.flatMap(checkPolicyTypes),
    ...repeatedPolicies(contents.policies).map(repeatedIdentity),
  ];
  const open = directions.filter((direction) => !denies(contents.policies, direction));
  if (open.length === 0 || !contents.due) return faults;
  const place = isKind(contents.owner, "Namespace") ? "name" : "namespace";
  const at: Field = { path: `metadata.${place}`, value: contents.name };
  const problem = `namespace "${contents.name}" has no default deny for ${open.join(" and ").toLowerCase()}`;
  return [...faults, violation(contents.owner, at, problem)];
}

/** Of two objects with one identity the later applied replaces the earlier, so neither is sure to stay. */
function repeatedPolicies(policies: readonly KubeObject[]): readonly KubeObject[] {
  const identity = (policy: KubeObject) => `${groupOf(policy)}/${String(policy.name)}`;
  const counts = Map.groupBy(policies, identity);
  return policies.filter(
    (policy) => policy.name !== unknown && counts.get(identity(policy))?.length !== 1,
  );
}

function repeatedIdentity(policy: KubeObject): Violation {
  const name = get(rootField(policy.body), "metadata", "name");
  const problem = `names ${describe(policy)} a second time, so the one applied last replaces the other`;
  return violation(policy, name, problem, "give each network policy a name of its own");
}

/** Only a policy without rules denies; one that selects every pod and allows something does not count. */
function denies(policies: readonly KubeObject[], direction: Direction): boolean {
  return policies.some((policy) => {
    const spec = get(rootField(policy.body), "spec");
    return (
      // Any other group is no policy that an API server serves today.
      groupOf(policy) === "networking.k8s.io" &&
      typeof policy.namespace === "string" &&
      !isUnreadable(spec) &&
      selectsEverything(get(spec, "podSelector")) &&
      elements(get(spec, "policyTypes")).some((type) => type.value === direction) &&
      isEmpty(get(spec, direction.toLowerCase()))
    );
  });
}

function checkPolicyTypes(policy: KubeObject): readonly Violation[] {
  const types = get(rootField(policy.body), "spec", "policyTypes");
  if (isEmpty(types)) {
    return [violation(policy, types, "is absent, so the rules decide by accident", typesRemedy)];
  }
  return elements(types).flatMap((type) => {
    if (isUnreadable(type)) return [unreadable(policy, type)];
    if (directions.some((direction) => direction === type.value)) return [];
    return [violation(policy, type, 'is neither "Ingress" nor "Egress"', typesRemedy)];
  });
}

/** What lies in a namespace that is not known yet may lie in one without a default deny. */
function undecidedNamespaces(graph: Graph): readonly Violation[] {
  return graph.objects.flatMap((object) => {
    if (isKind(object, "Namespace")) {
      const name = get(rootField(object.body), "metadata", "name");
      return object.name === unknown ? [unreadable(object, name)] : [];
    }
    if (object.namespace !== unknown || !isWorkload(object)) return [];
    return [unreadable(object, get(rootField(object.body), "metadata", "namespace"))];
  });
}
