import { awsOf, ofKind } from "../../cloud/aws.ts";
import {
  checkCalicoObject,
  checkCiliumChart,
  checkCiliumObject,
  checkOpenPlugin,
} from "../../cni/other-plugins.ts";
import { policedPods } from "../../cni/pods.ts";
import { checkStartOrder } from "../../cni/start-order.ts";
import { checkUncovered } from "../../cni/uncovered-pods.ts";
import { checkEks, checkVpcCniObject, isStrict } from "../../cni/vpc-cni.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { inInference, isInferenceNamespace } from "../../kubernetes/scope.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { violation } from "../../model/violation.ts";

export const cniEnforces: StackRule = {
  id: "E17",
  name: "cni-enforces",
  level: "stack",
  description:
    "The network plugin is declared and enforces network policies from the first packet of a pod, and under a plugin that denies by default every pod is selected by a policy.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { cis: ["5.3.1"] },
  remedy: "declare the plugin in cluster.network.cni and turn its enforcement on",
  check: (graph, settings) => {
    const aws = awsOf(graph);
    const { network } = settings;
    const another = network?.cni === "cilium" || network?.cni === "calico";
    const strict = network?.cni === "vpc-cni-strict" || isStrict(aws);
    return [
      ...checkProfile(graph, settings, ofKind(aws, "eks.Cluster").length > 0),
      ...checkEks(aws, another),
      ...graph.objects.flatMap((object) => [
        ...checkVpcCniObject(object),
        ...checkCiliumObject(object),
        ...checkCalicoObject(object),
        ...checkOpenPlugin(object),
      ]),
      ...graph.resources.flatMap(checkCiliumChart),
      ...checkStartOrder(graph, settings),
      ...(strict ? checkUncovered(graph, aws) : []),
    ];
  },
};

/** A stack with pods must say which plugin stands behind its network policies. */
function checkProfile(
  graph: Graph,
  settings: Settings,
  makesCluster: boolean,
): readonly Violation[] {
  const problem = profileFault(settings, makesCluster);
  const owner = problem === undefined ? undefined : spokesman(graph, settings);
  if (problem === undefined || owner === undefined) return [];
  return [violation(owner, { path: "", value: undefined }, problem)];
}

function profileFault(
  { network, clusterKind }: Settings,
  makesCluster: boolean,
): string | undefined {
  if (network === undefined) {
    // Input without a stack says nothing of its cluster at all; the stack that makes one has its add-ons.
    if (clusterKind === undefined || makesCluster) return undefined;
    return "runs pods in a cluster of which the stack declares no network plugin";
  }
  if (network.cni !== "none" || clusterKind === "local") return undefined;
  return 'runs pods under cluster.network.cni "none", so nothing enforces network policies';
}

/** The object that a fault of the whole stack is reported at: the first by role, then by URN. */
function spokesman(graph: Graph, settings: Settings): KubeObject | undefined {
  if (!graph.objects.some((object) => policedPods(object) !== undefined)) return undefined;
  const ranked = graph.objects.map((object) => ({ object, rank: rankOf(object, settings) }));
  const [first] = ranked.toSorted(
    (a, b) => a.rank - b.rank || (a.object.resource.urn < b.object.resource.urn ? -1 : 1),
  );
  return first?.object;
}

function rankOf(object: KubeObject, settings: Settings): number {
  if (isKind(object, "Namespace")) return isInferenceNamespace(object.name, settings) ? 0 : 3;
  if (policedPods(object) === undefined) return 4;
  return inInference(object, settings) ? 1 : 2;
}
