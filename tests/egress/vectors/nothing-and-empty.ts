import type { ValueObject } from "../../../policies/model/value.ts";
import { namespaceObject, policy } from "../support/resources.ts";
import { byName, egressPolicy, https, pod, toBlock } from "./stack.ts";
import type { FlowTable, Vector } from "./vector.ts";

const web = pod("shop", "web", "10.244.0.1");

/** Absent and empty are different things, and different in each field. */
function spec(
  title: string,
  fields: ValueObject,
  isolated: boolean,
  external: readonly string[],
): Vector {
  return {
    title,
    resources: [web, policy("shop", "p", { podSelector: {}, ...fields })],
    workload: "shop/Pod/web",
    isolated,
    external,
  };
}

function rule(title: string, fields: ValueObject, external: readonly string[]): Vector {
  return spec(title, { policyTypes: ["Egress"], egress: [fields] }, true, external);
}

const only10 = { to: [toBlock("10.0.0.0/8")], ports: [https] };
const anyPort443 = ["0.0.0.0/0 TCP 443", "::/0 TCP 443"];

export const emptinessVectors: readonly Vector[] = [
  spec("egress absent, type given: nothing", { policyTypes: ["Egress"] }, true, []),
  spec("egress null, type given: nothing", { policyTypes: ["Egress"], egress: null }, true, []),
  spec("egress empty: nothing", { policyTypes: ["Egress"], egress: [] }, true, []),
  spec("egress of one empty rule: everything", { policyTypes: ["Egress"], egress: [{}] }, true, [
    "everything",
  ]),
  spec("types absent, no egress: not isolated", {}, false, ["everything"]),
  spec("types absent, empty egress: not isolated", { egress: [] }, false, ["everything"]),
  spec("types absent, one rule: isolated", { egress: [only10] }, true, ["10.0.0.0/8 TCP 443"]),
  spec("types empty, no egress: not isolated", { policyTypes: [] }, false, ["everything"]),
  spec("types empty, one rule: isolated", { policyTypes: [], egress: [only10] }, true, [
    "10.0.0.0/8 TCP 443",
  ]),
  spec("types null, one rule: isolated", { policyTypes: null, egress: [only10] }, true, [
    "10.0.0.0/8 TCP 443",
  ]),
  spec("type Ingress alone: not isolated for egress", { policyTypes: ["Ingress"] }, false, [
    "everything",
  ]),
  rule("to absent: all destinations", { ports: [https] }, anyPort443),
  rule("to null: all destinations", { to: null, ports: [https] }, anyPort443),
  rule("to empty: all destinations", { to: [], ports: [https] }, anyPort443),
  rule("ports absent: all ports", { to: [toBlock("10.0.0.0/8")] }, ["10.0.0.0/8 all"]),
  rule("ports null: all ports", { to: [toBlock("10.0.0.0/8")], ports: null }, ["10.0.0.0/8 all"]),
  rule("ports empty: all ports", { to: [toBlock("10.0.0.0/8")], ports: [] }, ["10.0.0.0/8 all"]),
  rule("to and ports empty: everything", { to: [], ports: [] }, ["everything"]),
  rule("a port without a number: all of its protocol", { ports: [{ protocol: "UDP" }] }, [
    "0.0.0.0/0 UDP all",
    "::/0 UDP all",
  ]),
  rule("a port of nothing: all of TCP", { ports: [{}] }, ["0.0.0.0/0 TCP all", "::/0 TCP all"]),
  rule("a port without a protocol: TCP", { ports: [{ port: 53 }] }, [
    "0.0.0.0/0 TCP 53",
    "::/0 TCP 53",
  ]),
  rule(
    "exceptions absent and empty are the same",
    { to: [{ ipBlock: { cidr: "10.0.0.0/8", except: [] } }] },
    ["10.0.0.0/8 all"],
  ),
  {
    title: "podSelector absent selects all pods, as the empty one does, but is told",
    resources: [web, policy("shop", "p", { policyTypes: ["Egress"], egress: [only10] })],
    workload: "shop/Pod/web",
    covers: ["10.0.0.0/8 TCP 443"],
    errors: ["NetworkPolicy shop/p spec.podSelector"],
  },
  {
    title: "a peer without any selector is refused, and opens everything",
    resources: [web, egressPolicy("shop", "p", [{ to: [{}] }])],
    workload: "shop/Pod/web",
    isolated: false,
    external: ["everything"],
    errors: ["NetworkPolicy shop/p spec.egress[0].to[0]"],
  },
];

const pods = [
  namespaceObject("shop"),
  namespaceObject("bank"),
  pod("shop", "a", "10.244.0.1"),
  pod("shop", "b", "10.244.0.2"),
  pod("shop", "bare", "10.244.0.3", [], {}),
  pod("bank", "b", "10.244.0.4"),
  pod("bank", "bare", "10.244.0.5", [], {}),
];

/** Whom pod "a" may talk to through one peer: shop/b, shop/bare, bank/b, bank/bare. */
function peer(title: string, to: readonly ValueObject[], reached: readonly boolean[]): FlowTable {
  const targets = ["shop/Pod/b", "shop/Pod/bare", "bank/Pod/b", "bank/Pod/bare"];
  return {
    title,
    resources: [...pods, egressPolicy("shop", "p", [{ to }])],
    flows: targets.map(
      (target, index) => ["shop/Pod/a", target, "TCP 80", reached[index] === true] as const,
    ),
  };
}

const isB = { matchLabels: { app: "b" } };
const expression = (operator: string, ...values: readonly string[]): ValueObject => ({
  matchExpressions: [
    values.length === 0 ? { key: "app", operator } : { key: "app", operator, values },
  ],
});

export const peerTables: readonly FlowTable[] = [
  peer(
    "namespaceSelector absent: the policy's own namespace",
    [{ podSelector: isB }],
    [true, false, false, false],
  ),
  peer(
    "podSelector empty: all pods of the own namespace",
    [{ podSelector: {} }],
    [true, true, false, false],
  ),
  peer(
    "namespaceSelector empty: all pods of all namespaces",
    [{ namespaceSelector: {} }],
    [true, true, true, true],
  ),
  peer(
    "namespaceSelector null is absent",
    [{ namespaceSelector: null, podSelector: isB }],
    [true, false, false, false],
  ),
  peer(
    "podSelector absent: all pods of the namespaces",
    [{ namespaceSelector: byName("bank") }],
    [false, false, true, true],
  ),
  peer(
    "podSelector empty beside a namespaceSelector",
    [{ namespaceSelector: byName("bank"), podSelector: {} }],
    [false, false, true, true],
  ),
  peer(
    "two selectors in one peer: both must hold",
    [{ namespaceSelector: byName("bank"), podSelector: isB }],
    [false, false, true, false],
  ),
  peer(
    "two peers: one must hold",
    [{ namespaceSelector: byName("bank") }, { podSelector: isB }],
    [true, false, true, true],
  ),
  peer(
    "In needs the key",
    [{ namespaceSelector: {}, podSelector: expression("In", "b", "c") }],
    [true, false, true, false],
  ),
  peer(
    "NotIn holds where the key is absent",
    [{ namespaceSelector: {}, podSelector: expression("NotIn", "b") }],
    [false, true, false, true],
  ),
  peer(
    "NotIn of another value holds for both",
    [{ namespaceSelector: {}, podSelector: expression("NotIn", "c") }],
    [true, true, true, true],
  ),
  peer(
    "Exists needs the key",
    [{ namespaceSelector: {}, podSelector: expression("Exists") }],
    [true, false, true, false],
  ),
  peer(
    "DoesNotExist holds where the key is absent",
    [{ namespaceSelector: {}, podSelector: expression("DoesNotExist") }],
    [false, true, false, true],
  ),
  peer(
    "matchLabels and matchExpressions: both must hold",
    [{ namespaceSelector: {}, podSelector: { ...isB, ...expression("NotIn", "b") } }],
    [false, false, false, false],
  ),
  peer(
    "two expressions: both must hold",
    [
      {
        namespaceSelector: {
          matchExpressions: [
            { key: "kubernetes.io/metadata.name", operator: "In", values: ["shop", "bank"] },
            { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["shop"] },
          ],
        },
      },
    ],
    [false, false, true, true],
  ),
];
