import { namespaceName } from "../../../components/lib/labels.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import { foreignPolicy } from "../../egress/read/foreign-policies.ts";
import { matches } from "../../egress/read/labels.ts";
import type { TierPolicy } from "../../egress/read/tier-policy.ts";
import type { TierRule } from "../../egress/read/tier-rule.ts";
import {
  addressesHold,
  everyAddress,
  noAddress,
  uniteAddresses,
} from "../../egress/sets/addresses.ts";
import { allPorts } from "../../egress/sets/ports.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { inInference, isInferenceNamespace } from "../../kubernetes/scope.ts";
import { get, rootField } from "../../model/field.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { violation } from "../../model/violation.ts";

export const adminTierGuard: StackRule = {
  id: "E16",
  name: "admin-tier-guard",
  level: "stack",
  description:
    "No policy of a kind that the analysis does not know concerns an inference namespace, and where the network plugin knows an admin tier, a policy of it denies all egress that no namespace owner can take back.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { nsa: ["Net"] },
  remedy:
    'add a ClusterNetworkPolicy of tier Admin that denies egress of the namespace to "0.0.0.0/0" and "::/0" after it passes pods',
  check: (graph, settings) => [
    ...foreignPolicies(graph, settings),
    ...missingGuards(graph, settings),
  ],
};

function foreignPolicies(graph: Graph, settings: Settings): readonly Violation[] {
  return graph.objects.flatMap((object) => {
    const foreign = foreignPolicy(object);
    if (foreign === undefined) return [];
    const concerned = typeof foreign.namespace !== "string" || inInference(object, settings);
    if (!concerned) return [];
    const kind = get(rootField(object.body), "kind");
    const remedy = "use a networking.k8s.io/v1 NetworkPolicy";
    return [violation(object, { ...kind, path: "kind" }, foreign.reason, remedy)];
  });
}

function missingGuards(graph: Graph, settings: Settings): readonly Violation[] {
  const analysis = analysisOf(graph, settings);
  if (settings.network === undefined || analysis.profile.name === "specification") return [];
  if (!analysis.profile.tiers.includes("ClusterNetworkPolicy")) return [];
  return graph.objects
    .filter((object) => isKind(object, "Namespace") && isInferenceNamespace(object.name, settings))
    .filter(({ name }) => !analysis.tiers.some((policy) => guards(policy, name)))
    .map((object) =>
      violation(
        object,
        get(rootField(object.body), "metadata", "name"),
        `has no guard in the admin tier, which the plugin of the profile "${analysis.profile.name}" knows`,
      ),
    );
}

/** Whether a policy certainly denies the whole way out of a namespace. */
function guards(policy: TierPolicy, namespace: unknown): boolean {
  if (policy.tier !== "Admin" || policy.faults.length > 0 || typeof namespace !== "string")
    return false;
  const { namespaces, pods } = policy.subject;
  const labels = {
    known: new Map([[namespaceName, namespace]]),
    present: new Set<string>(),
    open: true,
  };
  if (pods.requirements.length > 0 || matches(namespaces, labels) !== "yes") return false;
  return deniesEverything(policy.egress);
}

/** Rules before the denial may pass pods on to the next tier; anything else before it opens a way. */
function deniesEverything(rules: readonly TierRule[]): boolean {
  for (const { action, peers, ports } of rules) {
    if (action === "Accept") return false;
    if (action === "Pass") {
      if (peers.some(({ kind }) => kind !== "pods")) return false;
      continue;
    }
    const denied = uniteAddresses([
      noAddress,
      ...peers.map((peer) => (peer.kind === "addresses" ? peer.addresses : noAddress)),
    ]);
    if (ports.key === allPorts.key && addressesHold(denied, everyAddress)) return true;
  }
  return false;
}
