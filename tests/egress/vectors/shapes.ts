import type { Resource } from "../../../policies/model/resource.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { denyEgress, namespaceObject, policy } from "../support/resources.ts";
import { app, deployment, egressPolicy, https, pod, toBlock } from "./stack.ts";
import type { FlowTable, Vector } from "./vector.ts";

const web = deployment("shop", "web");
const rule: ValueObject = { to: [toBlock("10.20.0.0/16")], ports: [https] };

/** A policy that no API server would take: what it says is taken for everything. */
function refused(title: string, spec: ValueObject, path: string, more: ValueObject = {}): Vector {
  const resource = policy("shop", "p", spec);
  return {
    title,
    resources: [
      web,
      denyEgress("shop"),
      { ...resource, properties: { ...resource.properties, ...more } },
    ],
    workload: "shop/Deployment/web",
    external: ["everything"],
    errors: [`NetworkPolicy shop/p ${path}`],
  };
}

const types = ["Egress"];

function withRule(title: string, egress: ValueObject, path: string): Vector {
  return refused(title, { podSelector: {}, policyTypes: types, egress: [egress] }, path);
}

function withSelector(title: string, podSelector: Value, path: string): Vector {
  return refused(title, { podSelector, policyTypes: types }, `spec.podSelector${path}`);
}

const inPeer = (peer: ValueObject) => ({ to: [peer], ports: [https] });

/** Such a policy is what its types say, but somebody meant something else. */
function unread(title: string, spec: ValueObject, isolated: boolean): Vector {
  return {
    title,
    resources: [web, policy("shop", "p", { podSelector: {}, ...spec })],
    workload: "shop/Deployment/web",
    isolated,
    external: isolated ? [] : ["everything"],
    errors: ["NetworkPolicy shop/p spec."],
  };
}

export const shapeVectors: readonly Vector[] = [
  unread(
    "rules of egress under a type that has none",
    { policyTypes: ["Ingress"], egress: [rule] },
    false,
  ),
  unread(
    "rules of ingress under a type that has none",
    { policyTypes: types, ingress: [{ from: [{ podSelector: {} }] }] },
    true,
  ),
  refused(
    "three types",
    { podSelector: {}, policyTypes: ["Ingress", "Egress", "Egress"] },
    "spec.policyTypes",
  ),
  refused(
    "a type in small letters",
    { podSelector: {}, policyTypes: ["egress"] },
    "spec.policyTypes[0]",
  ),
  refused("an unknown field of the policy", { podSelector: {}, policyTypes: types }, "specs", {
    specs: {},
  }),
  refused(
    "an unknown field of the spec",
    { podSelector: {}, policyTypes: types, rules: [] },
    "spec.rules",
  ),
  withRule("an unknown field of a rule", { ...rule, from: [] }, "spec.egress[0].from"),
  withRule("a list where a rule belongs", { to: [[]] }, "spec.egress[0].to[0]"),
  withRule(
    "an unknown field of a peer",
    inPeer({ podSelector: {}, nodeSelector: {} }),
    "spec.egress[0].to[0].nodeSelector",
  ),
  withRule(
    "a block beside a selector",
    inPeer({ ...toBlock("10.0.0.0/8"), podSelector: {} }),
    "spec.egress[0].to[0]",
  ),
  withRule(
    "an unknown field of a block",
    inPeer({ ipBlock: { cidr: "10.0.0.0/8", allow: [] } }),
    "spec.egress[0].to[0].ipBlock.allow",
  ),
  withRule(
    "a single exception that is no list",
    inPeer({ ipBlock: { cidr: "10.0.0.0/8", except: "10.1.0.0/16" } }),
    "spec.egress[0].to[0].ipBlock.except",
  ),
  withRule(
    "a single port that is no list",
    { to: rule["to"], ports: https },
    "spec.egress[0].ports",
  ),
  withSelector("an unknown field of a selector", { labels: {} }, ".labels"),
  withSelector(
    "an operator of node affinity",
    { matchExpressions: [{ key: "a", operator: "Gt", values: ["1"] }] },
    ".matchExpressions[0].operator",
  ),
  withSelector(
    "In without values",
    { matchExpressions: [{ key: "a", operator: "In", values: [] }] },
    ".matchExpressions[0].values",
  ),
  withSelector(
    "NotIn without values",
    { matchExpressions: [{ key: "a", operator: "NotIn" }] },
    ".matchExpressions[0]",
  ),
  withSelector(
    "Exists with values",
    { matchExpressions: [{ key: "a", operator: "Exists", values: ["x"] }] },
    ".matchExpressions[0].values",
  ),
  withSelector("a label value that is a number", { matchLabels: { app: 1 } }, ".matchLabels.app"),
  withSelector(
    "a label value that is too long",
    { matchLabels: { app: "x".repeat(64) } },
    ".matchLabels.app",
  ),
  withSelector("a label key with two slashes", { matchLabels: { "a/b/c": "x" } }, ".matchLabels"),
  withSelector("a label key with an empty prefix", { matchLabels: { "/a": "x" } }, ".matchLabels"),
];

const reasons = (
  title: string,
  resources: readonly Resource[],
  reason: readonly string[],
): Vector => ({
  title,
  resources: [web, ...resources],
  workload: "shop/Deployment/web",
  onlyBecause: reason,
});

/** Why something is let out: the rules that do, and no others. */
export const reasonVectors: readonly Vector[] = [
  reasons("nobody isolates it", [], ["Deployment shop/web "]),
  reasons(
    "a policy of ingress alone isolates nobody",
    [policy("shop", "in", { podSelector: {}, policyTypes: ["Ingress"] })],
    ["Deployment shop/web "],
  ),
  reasons("nothing is let out", [denyEgress("shop")], []),
  reasons(
    "only rules for egress count, of policies that select it",
    [
      denyEgress("shop"),
      egressPolicy("shop", "mine", [rule], app("web")),
      egressPolicy("shop", "other", [rule], app("db")),
      policy("shop", "in", { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] }),
      egressPolicy("bank", "theirs", [rule]),
    ],
    ["NetworkPolicy shop/mine spec.egress[0].to[0]"],
  ),
  reasons(
    "each peer of a rule is a reason of its own",
    [egressPolicy("shop", "p", [rule, { to: [toBlock("fd00::/8"), { podSelector: {} }] }, {}])],
    [
      "NetworkPolicy shop/p spec.egress[0].to[0]",
      "NetworkPolicy shop/p spec.egress[1].to[0]",
      "NetworkPolicy shop/p spec.egress[1].to[1]",
      "NetworkPolicy shop/p spec.egress[2]",
    ],
  ),
];

const client = pod("shop", "client", "10.244.0.1");
const server = pod("bank", "server", "10.244.0.2");

export const shapeTables: readonly FlowTable[] = [
  {
    title: "a Namespace object of unknown name may be that of any namespace",
    resources: [
      client,
      server,
      {
        ...namespaceObject("bank", { trust: "yes" }),
        properties: { metadata: { name: unknown, labels: { trust: "yes" } } },
      },
      egressPolicy("shop", "p", [
        { to: [{ namespaceSelector: { matchLabels: { trust: "yes" } } }] },
      ]),
    ],
    flows: [["shop/Pod/client", "bank/Pod/server", "TCP 80", true]],
    errors: ["Namespace (unknown) metadata.name"],
  },
  {
    title: "a Namespace object of unknown labels may have any",
    resources: [
      client,
      server,
      { ...namespaceObject("bank"), properties: { metadata: { name: "bank", labels: unknown } } },
      egressPolicy("shop", "p", [
        { to: [{ namespaceSelector: { matchLabels: { trust: "yes" } } }] },
      ]),
    ],
    flows: [["shop/Pod/client", "bank/Pod/server", "TCP 80", true]],
    errors: ["Namespace bank metadata.labels"],
  },
];
