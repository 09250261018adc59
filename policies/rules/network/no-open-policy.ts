import { widestPrivatePrefix } from "../../data/address-blocks.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { parseCidr, standsForIpv4 } from "../../kubernetes/cidr.ts";
import { carriesPrompts } from "../../kubernetes/scope.ts";
import { namesSomething } from "../../kubernetes/selectors.ts";
import {
  elements,
  type Field,
  get,
  isEmpty,
  isUnreadable,
  rootField,
  textOf,
} from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

const peersRemedy = "name the peers by namespace and pod labels, or by a narrow ipBlock";

export const noOpenPolicy: ResourceRule = {
  id: "E05",
  name: "no-open-network-policy",
  level: "resource",
  description:
    "No network policy of an inference namespace or of the gateway's opens it to every address, every pod of the cluster or every direction.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { nsa: ["Net"] },
  remedy: "remove the rule, or narrow it to the one peer and port that is needed",
  check: (object, settings) => {
    if (!isKind(object, "NetworkPolicy") || !carriesPrompts(object, settings)) return [];
    const spec = get(rootField(object.body), "spec");
    if (isUnreadable(spec)) return [unreadable(object, spec)];
    return [
      ...elements(get(spec, "egress")).flatMap((rule) => checkEgress(object, rule)),
      ...elements(get(spec, "ingress")).flatMap((rule) => checkIngress(object, rule)),
    ];
  },
};

function checkEgress(policy: KubeObject, rule: Field): readonly Violation[] {
  if (isUnreadable(rule)) return [unreadable(policy, rule)];
  const to = get(rule, "to");
  if (isEmpty(rule)) {
    return [violation(policy, rule, "is empty, so it allows every destination", peersRemedy)];
  }
  if (isEmpty(to)) {
    const problem = "is absent or empty, so the rule allows every destination";
    return [violation(policy, to, problem, peersRemedy)];
  }
  return elements(to).flatMap((peer) => checkPeer(policy, peer));
}

function checkIngress(policy: KubeObject, rule: Field): readonly Violation[] {
  if (isUnreadable(rule)) return [unreadable(policy, rule)];
  const from = get(rule, "from");
  if (isEmpty(from) && isEmpty(get(rule, "ports"))) {
    return [violation(policy, rule, "is empty, so it undoes the default deny", peersRemedy)];
  }
  if (isEmpty(from)) {
    return elements(get(rule, "ports")).flatMap((port) => checkOpenPort(policy, port));
  }
  return elements(from).flatMap((peer) => checkPeer(policy, peer));
}

/** Ports that anybody may open; more than this many at once is as good as all. */
const widestPortRange = 1024;

/** A port of a rule without peers: it must be one port, or a narrow range. */
function checkOpenPort(policy: KubeObject, port: Field): readonly Violation[] {
  const [first, last] = [get(port, "port"), get(port, "endPort")];
  const hidden = [port, first, last].filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(policy, field));
  if (first.value === undefined) {
    const problem = "allows every port to everybody, so it undoes the default deny";
    return [violation(policy, port, problem, peersRemedy)];
  }
  const span = Number(last.value ?? first.value) - Number(first.value) + 1;
  if (last.value === undefined || span <= widestPortRange) return [];
  const problem = `spans ${span} ports and is open to everybody, so it undoes the default deny`;
  return [violation(policy, last, problem, peersRemedy)];
}

function checkPeer(policy: KubeObject, peer: Field): readonly Violation[] {
  if (isUnreadable(peer)) return [unreadable(policy, peer)];
  if (isEmpty(peer)) {
    return [violation(policy, peer, "names no peer at all", peersRemedy)];
  }
  const hidden = ["ipBlock", "namespaceSelector", "podSelector"]
    .map((name) => get(peer, name))
    .filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(policy, field));
  const block = get(peer, "ipBlock");
  return block.value === undefined ? checkSelectors(policy, peer) : checkBlock(policy, block);
}

function checkSelectors(policy: KubeObject, peer: Field): readonly Violation[] {
  const namespaces = get(peer, "namespaceSelector");
  const pods = get(peer, "podSelector");
  const hidden = [...unreadableParts(namespaces), ...unreadableParts(pods)];
  if (hidden.length > 0) return hidden.map((field) => unreadable(policy, field));
  if (namespaces.value === undefined || namesSomething(namespaces) || namesSomething(pods)) {
    return [];
  }
  const problem = "selects every pod of every namespace";
  return [violation(policy, namespaces, problem, peersRemedy)];
}

/** A selector is read as a whole: one unreadable label may be the one that narrows it. */
function unreadableParts(selector: Field): readonly Field[] {
  const labels = get(selector, "matchLabels");
  const expressions = elements(get(selector, "matchExpressions"));
  return [
    labels,
    ...expressions.flatMap((each) => [
      get(each, "key"),
      get(each, "operator"),
      ...elements(get(each, "values")),
    ]),
  ].filter(isUnreadable);
}

function checkBlock(policy: KubeObject, block: Field): readonly Violation[] {
  const cidr = get(block, "cidr");
  if (isUnreadable(cidr)) return [unreadable(policy, cidr)];
  const shown = textOf(cidr) ?? "";
  const parsed = parseCidr(shown);
  if (parsed === undefined) {
    return [violation(policy, cidr, "is not an address block such as 10.20.0.0/16")];
  }
  if (parsed.prefix < widestPrivatePrefix[parsed.family]) {
    return [violation(policy, cidr, `"${shown}" is wider than any private range`)];
  }
  if (standsForIpv4(parsed)) {
    return [violation(policy, cidr, `"${shown}" reaches IPv4 addresses through IPv6 notation`)];
  }
  return elements(get(block, "except"))
    .filter(isUnreadable)
    .map((field) => unreadable(policy, field));
}
