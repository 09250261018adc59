import type { Resource } from "../../../policies/model/resource.ts";
import { unknown } from "../../../policies/model/value.ts";
import { denyEgress } from "../support/resources.ts";
import { app, deployment, egressPolicy, ingressPolicy, pod } from "./stack.ts";
import type { PathVector } from "./vector.ts";

/** Pods a, b, c, … of one namespace, each of which may send only where an edge says. */
const names = ["a", "b", "c", "d", "e"];
const pods = names.map((name, index) => pod("net", name, `10.244.0.${index + 1}`));
const closed = [...pods, denyEgress("net")];

function edge(from: string, to: string, port = 80, protocol = "TCP"): Resource {
  const rule = { to: [{ podSelector: app(to) }], ports: [{ protocol, port }] };
  return egressPolicy("net", `${from}-${to}-${port}-${protocol.toLowerCase()}`, [rule], app(from));
}

function ingress(to: string, from: string, port: number, protocol = "TCP"): Resource {
  const rule = { from: [{ podSelector: app(from) }], ports: [{ protocol, port }] };
  return ingressPolicy("net", `${to}-from-${from}-${port}`, [rule], app(to));
}

const key = (name: string) => `net/Pod/${name}`;
const keys = (...reached: readonly string[]) => reached.map(key);
const way = (...steps: readonly string[]) => steps.map(key).join(" > ");

export const pathVectors: readonly PathVector[] = [
  {
    title: "nothing is reached where nothing may be sent",
    resources: closed,
    from: key("a"),
    reached: [],
  },
  {
    title: "a chain is followed to its end, by way of each of its links",
    resources: [...closed, edge("a", "b"), edge("b", "c"), edge("c", "d")],
    from: key("a"),
    reached: [way("a", "b"), way("a", "b", "c"), way("a", "b", "c", "d")],
  },
  {
    title: "the shorter of two ways is told",
    resources: [...closed, edge("a", "b"), edge("b", "c"), edge("c", "d"), edge("a", "c")],
    from: key("a"),
    reached: [way("a", "b"), way("a", "c"), way("a", "c", "d")],
  },
  {
    title: "an edge is no way back",
    resources: [...closed, edge("a", "b"), edge("c", "b")],
    from: key("b"),
    reached: [],
  },
  {
    title: "a cycle ends, and the start is no goal",
    resources: [...closed, edge("a", "b"), edge("b", "c"), edge("c", "a")],
    from: key("a"),
    reached: keys("b", "c"),
  },
  {
    title: "two that talk to each other end",
    resources: [...closed, edge("a", "b"), edge("b", "a")],
    from: key("a"),
    reached: keys("b"),
  },
  {
    title: "what is reached by two ways is told once",
    resources: [...closed, edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")],
    from: key("a"),
    reached: keys("b", "c", "d"),
  },
  {
    title: "the other side may refuse",
    resources: [
      ...closed,
      edge("a", "b"),
      edge("b", "c"),
      ingressPolicy("net", "no", [], app("c")),
    ],
    from: key("a"),
    reached: keys("b"),
  },
  {
    title: "both sides have to open the same port",
    resources: [...closed, edge("a", "b", 80), ingress("b", "a", 443)],
    from: key("a"),
    reached: [],
  },
  {
    title: "both sides have to open the same protocol",
    resources: [...closed, edge("a", "b", 53, "UDP"), ingress("b", "a", 53, "TCP")],
    from: key("a"),
    reached: [],
  },
  {
    title: "an edge of another port leads on all the same",
    resources: [...closed, edge("a", "b", 53, "UDP"), edge("b", "c", 9003, "SCTP")],
    from: key("a"),
    reached: keys("b", "c"),
  },
  {
    title: "a relay is reached, and the search ends there",
    resources: [...closed, edge("a", "b"), edge("b", "c"), edge("a", "d")],
    options: { relays: [{ namespace: "net", name: "b" }] },
    from: key("a"),
    reached: keys("b", "d"),
  },
  {
    title: "a way around a relay is found",
    resources: [...closed, edge("a", "b"), edge("b", "c"), edge("a", "d"), edge("d", "c")],
    options: { relays: [{ namespace: "net", name: "b" }] },
    from: key("a"),
    reached: [way("a", "b"), way("a", "d"), way("a", "d", "c")],
  },
  {
    title: "a relay of the same name in another namespace is none here",
    resources: [...closed, edge("a", "b"), edge("b", "c")],
    options: { relays: [{ namespace: "gateway", name: "b" }] },
    from: key("a"),
    reached: keys("b", "c"),
  },
  {
    title: "a pod that nothing isolates passes on to everybody",
    resources: [
      ...pods,
      egressPolicy("net", "only-a", [{ to: [{ podSelector: app("b") }] }], app("a")),
    ],
    from: key("a"),
    reached: keys("b", "c", "d", "e"),
  },
  {
    title: "ways lead through other namespaces",
    resources: [
      ...closed,
      pod("far", "x", "10.244.1.1"),
      egressPolicy(
        "net",
        "out",
        [{ to: [{ namespaceSelector: {}, podSelector: app("x") }] }],
        app("a"),
      ),
      egressPolicy("far", "back", [{ to: [{ namespaceSelector: {}, podSelector: app("c") }] }]),
    ],
    from: key("a"),
    reached: ["far/Pod/x", ...keys("c")],
  },
  {
    title: "an unknown peer may be anybody",
    resources: [
      ...closed,
      egressPolicy(
        "net",
        "u",
        [{ to: [{ podSelector: { matchLabels: { app: unknown } } }] }],
        app("a"),
      ),
    ],
    from: key("a"),
    reached: keys("b", "c", "d", "e"),
  },
  {
    title: "workloads before they run are reached by their labels",
    resources: [
      deployment("net", "front"),
      deployment("net", "back"),
      denyEgress("net"),
      egressPolicy("net", "edge", [{ to: [{ podSelector: app("back") }] }], app("front")),
    ],
    from: "net/Deployment/front",
    reached: ["net/Deployment/back"],
  },
];
