import { namespaceName } from "../../../components/lib/labels.ts";
import type { PolicyConfig } from "../../../components/lib/stack/policies.ts";
import { widestPrivatePrefix } from "../../data/address-blocks.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, anyOf, items, list, part, text } from "../cel.ts";
import type { AdmissionCheck } from "../check.ts";
import type { Scope } from "../scope.ts";
import { mayTakeDown, requestSubject, resourceRule, type Target, writes } from "../target.ts";

const resources = { group: "networking.k8s.io", resources: ["networkpolicies"] };
const egress = items("object.spec", "egress");
const ingress = items("object.spec", "ingress");

/**
 * What a network policy of an inference namespace may say. The API server fills in absent policyTypes
 * before it asks, so that part of E04 cannot be seen here; what it fills in never opens a direction that
 * the default deny closes.
 */
export function networkPolicies(scope: Scope, settings: Settings): Target {
  return {
    name: "network-policies",
    namespaces: scope.inference,
    resourceRules: [resourceRule(resources, writes)],
    checks: [...openness(), peersByName, envelope(settings.policies), callers(settings), unowned],
  };
}

/**
 * Where the gateway may send is the stack's to say, and it says so with the policies that it makes. None that
 * somebody adds opens it to every address, unless the stack excepts it by name.
 */
export function gatewayPolicies(scope: Scope): Target {
  const wide = `has(p.ipBlock) && !(${narrow})`;
  return {
    name: "gateway-policies",
    namespaces: scope.gateway,
    resourceRules: [resourceRule(resources, writes)],
    checks: [
      {
        rule: "E05",
        holds: `${egress}.all(r, size(${items("r", "to")}) > 0 && ${items("r", "to")}.all(p, !(${wide})))`,
        problem: "lets pods of the gateway send to every address",
        remedy: openRemedy,
      },
    ],
  };
}

const openRemedy = "name the peers by namespace and pod labels, or by a narrow ipBlock";
const narrow = `cidr(p.ipBlock.cidr).prefixLength() >= (cidr(p.ipBlock.cidr).ip().family() == 4 ? ${widestPrivatePrefix[4]} : ${widestPrivatePrefix[6]})`;

function openness(): AdmissionCheck[] {
  const remedy = openRemedy;
  return [
    {
      rule: "E05",
      holds: `${egress}.all(r, size(${items("r", "to")}) > 0)`,
      problem: "has an egress rule without peers, which allows every destination",
      remedy,
    },
    {
      rule: "E05",
      holds: `${ingress}.all(r, size(${items("r", "from")}) > 0)`,
      problem: "has an ingress rule without peers, which undoes the default deny",
      remedy,
    },
    {
      rule: "E05",
      holds: everyPeer(`!has(p.ipBlock) || ${narrow}`),
      problem: "has an ipBlock that is wider than any private range",
      remedy,
    },
  ];
}

const peersByName: AdmissionCheck = {
  rule: "E11",
  holds: everyPeer(`!has(p.namespaceSelector) || ${namesOneOf("p.namespaceSelector")}`),
  problem: `selects namespaces by something else than their name, which others can put on their own`,
  remedy: `select them by the label ${namespaceName}`,
};

/** The pods that the policy itself selects by labels: a group may talk among itself. */
const ownGroup = allOf([
  "!has(p.ipBlock) && !has(p.namespaceSelector)",
  `size(${part("p", "podSelector", "matchLabels")}) > 0`,
  `${part("p", "podSelector", "matchLabels")} == ${part("object.spec", "podSelector", "matchLabels")}`,
  `size(${items("p", "podSelector", "matchExpressions")}) == 0`,
]);

/** Whatever labels a pod carries, the union of all rules of its namespace bounds what it may reach. */
function envelope({ allowedEgress }: PolicyConfig): AdmissionCheck {
  const allowed = allowedEgress.map(({ cidr, protocol, port, endPort = port }) =>
    allOf([
      `cidr(${text(cidr)}).containsCIDR(p.ipBlock.cidr)`,
      `${items("r", "ports")}.all(q, q.protocol == ${text(protocol)} && int(q.port) >= ${port} && int(q.?endPort.orValue(q.port)) <= ${endPort})`,
    ]),
  );
  const peers = anyOf([`has(p.ipBlock) && ${anyOf(allowed)}`, ownGroup]);
  return {
    rule: "E02",
    holds: `${egress}.all(r, size(${items("r", "ports")}) > 0 && ${items("r", "to")}.all(p, ${peers}))`,
    problem: "lets pods send to more than the stack allows to leave",
    remedy: "remove the egress rule, or decide on it in policies.allowedEgress of the stack file",
  };
}

function callers({ gatewayNamespace, monitoringNamespace }: Settings): AdmissionCheck {
  const allowed = [gatewayNamespace, monitoringNamespace].filter((name) => name !== undefined);
  const named = `has(p.namespaceSelector) && ${namesOneOf("p.namespaceSelector", allowed)}`;
  const peers = anyOf([named, ownGroup]);
  return {
    rule: "E12",
    holds: `${ingress}.all(r, size(${items("r", "ports")}) > 0 && ${items("r", "from")}.all(p, ${peers}))`,
    problem: "lets others in than the gateway and Prometheus, each on ports that are named",
    remedy: `let in the namespaces ${allowed.join(" and ") || "that the stack names"} only, with ports`,
  };
}

/** Garbage collection deletes what has lost its owner, and nobody would refuse that. */
const unowned: AdmissionCheck = {
  rule: "E04",
  holds: `!(${isWall("object")}) || size(${items("object.metadata", "ownerReferences")}) == 0`,
  problem: "is a default deny that goes with an owner",
  remedy: "remove metadata.ownerReferences",
};

/** A default deny stays one, and stays. */
export function defaultDeny(scope: Scope): Target {
  return {
    name: "default-deny",
    namespaces: scope.inference,
    resourceRules: [resourceRule(resources, ["UPDATE", "DELETE"])],
    conditions: [{ name: "is-a-default-deny", expression: isWall("oldObject") }],
    subject: requestSubject,
    checks: [
      {
        rule: "E04",
        holds: `request.operation != "DELETE" || ${mayTakeDown}`,
        problem: "is a default deny, and the namespace would be open without it",
        remedy: "remove it with the stack, with the rights to remove its admission policies",
      },
      {
        rule: "E04",
        holds: `request.operation == "DELETE" || (${isWall("object")} && oldObject.spec.policyTypes.all(t, t in object.spec.policyTypes))`,
        problem: "is a default deny, and would no longer deny all that it does",
        remedy: "leave it as it is, and add a network policy of its own for what is to be allowed",
      },
    ],
  };
}

/** Selects every pod and has no rules: whatever directions it names are closed. */
function isWall(policy: string): string {
  return allOf([
    `size(${part(`${policy}.spec`, "podSelector", "matchLabels")}) == 0`,
    `size(${items(`${policy}.spec`, "podSelector", "matchExpressions")}) == 0`,
    `size(${items(`${policy}.spec`, "ingress")}) == 0`,
    `size(${items(`${policy}.spec`, "egress")}) == 0`,
  ]);
}

/** A condition on `p`, every peer of the policy in both directions. */
function everyPeer(holds: string): string {
  return allOf([
    `${egress}.all(r, ${items("r", "to")}.all(p, ${holds}))`,
    `${ingress}.all(r, ${items("r", "from")}.all(p, ${holds}))`,
  ]);
}

/** Whether a selector names namespaces by their immutable label: any, or only those listed. */
function namesOneOf(selector: string, allowed?: readonly string[]): string {
  const label = text(namespaceName);
  const value = `${part(selector, "matchLabels")}[?${label}]`;
  const among = allowed === undefined ? "" : ` && e.values.all(n, n in ${list(allowed)})`;
  return anyOf([
    allowed === undefined
      ? `${value}.hasValue()`
      : `${value}.hasValue() && ${value}.value() in ${list(allowed)}`,
    `${items(selector, "matchExpressions")}.exists(e, e.key == ${label} && e.operator == "In"${among})`,
  ]);
}
