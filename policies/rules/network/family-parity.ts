import { parseCidr } from "../../../components/lib/cidr.ts";
import { type AwsResource, awsOf, given, ofKind } from "../../cloud/aws.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import { inferenceRules } from "../../egress/policy-rules.ts";
import type { TierRule } from "../../egress/read/tier-rule.ts";
import {
  type Addresses,
  addressesHold,
  everyAddress,
  type Family,
  families,
} from "../../egress/sets/addresses.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { inInference } from "../../kubernetes/scope.ts";
import { elements, get, isUnreadable, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const familyParity: StackRule = {
  id: "E08",
  name: "family-parity",
  level: "stack",
  description:
    "IPv4 and IPv6 are decided alike: no policy of an inference namespace speaks of a family that the cluster's pods do not have, no Service asks for two, and what an admin tier denies in one family it denies in the other.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy: "decide both families, or keep to the one that the ranges of the stack file name",
  check: (graph, settings) => {
    const analysis = analysisOf(graph, settings);
    const family = familyOf(settings);
    return [
      ...(["Egress", "Ingress"] as const).flatMap((direction) =>
        inferenceRules(analysis, settings, direction).flatMap(({ policy, rule }) =>
          rule.peers === "all"
            ? []
            : rule.peers.flatMap((peer): Violation[] => {
                const other =
                  peer.kind === "addresses" ? otherFamily(peer.addresses, family) : undefined;
                if (other === undefined) return [];
                const problem = `speaks of IPv${other}, and pods of this cluster have IPv${family} alone; some plugins drop such a rule, others the whole policy`;
                return [{ resource: policy.object.resource, path: peer.path, problem }];
              }),
        ),
      ),
      ...ofKind(awsOf(graph), "eks.Cluster").flatMap((each) => checkCluster(each, family ?? 4)),
      ...graph.objects.flatMap((object) => checkService(object, settings)),
      ...analysis.tiers.flatMap(({ object, egress }) => checkTier(object, egress)),
    ];
  },
};

function familyOf({ network }: Settings): Family | undefined {
  return network === undefined ? undefined : parseCidr(network.podCidr).family;
}

function otherFamily(addresses: Addresses, family: Family | undefined): Family | undefined {
  if (family === undefined) return undefined;
  return families.find((one) => one !== family && addresses[one].length > 0);
}

/** A cluster gives its pods addresses of one family, and the policies must be written for that one. */
function checkCluster(cluster: AwsResource, family: Family): readonly Violation[] {
  const asked = given(cluster, "kubernetesNetworkConfig", "ipFamily");
  if (isUnreadable(asked)) return [unreadable(cluster, asked)];
  if (asked.value === undefined || asked.value === `ipv${family}`) return [];
  const problem = `asks for pods of another family than IPv${family}, which every policy is written for`;
  return [violation(cluster, asked, problem, `set ipFamily: ipv${family}`)];
}

/** A second family would open a second road that nobody declared a range for. */
function checkService(object: KubeObject, settings: Settings): readonly Violation[] {
  if (!isKind(object, "Service") || !inInference(object, settings)) return [];
  const spec = get(rootField(object.body), "spec");
  const policy = get(spec, "ipFamilyPolicy");
  const asked = elements(get(spec, "ipFamilies"));
  const remedy = "remove it, or set ipFamilyPolicy: SingleStack";
  // The API server fills in both; what it hands out is not known before, and is one family by default.
  if (isUnreadable(policy) && policy.malformed !== undefined) return [unreadable(object, policy)];
  return [
    ...(policy.value === "PreferDualStack" || policy.value === "RequireDualStack"
      ? [violation(object, policy, `"${policy.value}" asks for a second address family`, remedy)]
      : []),
    ...(asked.length > 1
      ? [violation(object, get(spec, "ipFamilies"), "names two address families", remedy)]
      : []),
  ];
}

/** Denying all of one family leaves the other as it was. */
function checkTier(object: KubeObject, rules: readonly TierRule[]): readonly Violation[] {
  const denied = rules.filter(({ action }) => action === "Deny");
  const whole = families.map((family) => denied.filter((rule) => deniesAll(rule, family)));
  const [four = [], six = []] = whole;
  if ((four.length === 0) === (six.length === 0)) return [];
  const [rule] = [...four, ...six];
  const missing = four.length === 0 ? 4 : 6;
  const problem = `denies every address of one family and leaves IPv${missing} open`;
  const remedy = 'list "0.0.0.0/0" and "::/0" together under networks';
  return rule === undefined
    ? []
    : [{ resource: object.resource, path: rule.path, problem, remedy }];
}

function deniesAll({ peers }: TierRule, family: Family): boolean {
  const whole: Addresses = { 4: [], 6: [], [family]: everyAddress[family] };
  return peers.some((peer) => peer.kind === "addresses" && addressesHold(peer.addresses, whole));
}
