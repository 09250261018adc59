import type { ValueObject } from "../../../policies/model/value.ts";
import type { ContainerPort } from "../oracle/kubernetes.ts";
import { object } from "../support/resources.ts";
import { egressPolicy, ingressPolicy, pod, toBlock } from "./stack.ts";
import type { FlowTable, Vector } from "./vector.ts";

const web = pod("shop", "web", "10.244.0.1");

function opened(title: string, ports: readonly ValueObject[], external: readonly string[]): Vector {
  return {
    title,
    resources: [web, egressPolicy("shop", "p", [{ to: [toBlock("10.0.0.0/8")], ports }])],
    workload: "shop/Pod/web",
    isolated: true,
    external: external.map((each) => `10.0.0.0/8 ${each}`),
  };
}

function refused(title: string, port: ValueObject, path: string): Vector {
  return {
    title,
    resources: [web, egressPolicy("shop", "p", [{ to: [toBlock("10.0.0.0/8")], ports: [port] }])],
    workload: "shop/Pod/web",
    isolated: false,
    external: ["everything"],
    errors: [`NetworkPolicy shop/p spec.egress[0].ports[0]${path}`],
  };
}

export const portVectors: readonly Vector[] = [
  opened("the first and the last port", [{ port: 1 }, { port: 65_535 }], ["TCP 1", "TCP 65535"]),
  opened(
    "a range holds both of its ends and nothing else",
    [{ port: 80, endPort: 82 }],
    ["TCP 80-82"],
  ),
  opened("a range of one port", [{ port: 80, endPort: 80 }], ["TCP 80"]),
  opened(
    "a range of all ports is all of its protocol",
    [{ port: 1, endPort: 65_535 }],
    ["TCP all"],
  ),
  opened(
    "ranges that touch are one",
    [
      { port: 80, endPort: 89 },
      { port: 90, endPort: 99 },
    ],
    ["TCP 80-99"],
  ),
  opened(
    "one port in two protocols",
    [{ port: 53 }, { protocol: "UDP", port: 53 }],
    ["TCP 53", "UDP 53"],
  ),
  opened("SCTP is a protocol of its own", [{ protocol: "SCTP", port: 80 }], ["SCTP 80"]),
  refused("port 0", { port: 0 }, ".port"),
  refused("port 65536", { port: 65_536 }, ".port"),
  refused("a negative port", { port: -1 }, ".port"),
  refused("half a port", { port: 80.5 }, ".port"),
  refused("a number written as text", { port: "80" }, ".port"),
  refused("an endPort below its port", { port: 80, endPort: 79 }, ".endPort"),
  refused("an endPort beyond the last port", { port: 80, endPort: 65_536 }, ".endPort"),
  refused("an endPort of a named port", { port: "web", endPort: 90 }, ".endPort"),
  refused("an endPort without a port", { endPort: 90 }, ".endPort"),
  refused("a protocol that no policy governs", { protocol: "ICMP", port: 80 }, ".protocol"),
  refused("a protocol in small letters", { protocol: "tcp", port: 80 }, ".protocol"),
  refused("an unknown field", { port: 80, toPort: 90 }, ""),
  {
    title: "a named port opens nothing to a block, which some plugins see otherwise",
    resources: [
      web,
      egressPolicy("shop", "p", [{ to: [toBlock("203.0.113.0/24")], ports: [{ port: "web" }] }]),
    ],
    workload: "shop/Pod/web",
    isolated: true,
    external: [],
    warnings: ["NetworkPolicy shop/p spec.egress[0]"],
  },
];

const target = (...ports: readonly ContainerPort[]) => [
  pod("shop", "client", "10.244.0.1"),
  pod("shop", "server", "10.244.0.2", ports),
];

/** What a client may reach at a server through a rule for one named port. */
function named(
  title: string,
  container: readonly ContainerPort[],
  port: ValueObject,
  flows: readonly (readonly [string, boolean])[],
): FlowTable {
  const rule = [{ to: [{ podSelector: {} }], ports: [port] }];
  return {
    title,
    resources: [...target(...container), egressPolicy("shop", "p", rule)],
    flows: flows.map(
      ([text, passes]) => ["shop/Pod/client", "shop/Pod/server", text, passes] as const,
    ),
  };
}

export const portTables: readonly FlowTable[] = [
  named(
    "a named port is the number that the destination gives it",
    [{ name: "web", containerPort: 8080 }],
    { port: "web" },
    [
      ["TCP 8080", true],
      ["TCP 80", false],
      ["UDP 8080", false],
    ],
  ),
  named(
    "a named port of another protocol opens nothing",
    [{ name: "web", containerPort: 8080, protocol: "UDP" }],
    { port: "web" },
    [
      ["TCP 8080", false],
      ["UDP 8080", false],
    ],
  ),
  named(
    "a named port counts by its protocol",
    [{ name: "dns", containerPort: 53, protocol: "UDP" }],
    { protocol: "UDP", port: "dns" },
    [
      ["UDP 53", true],
      ["TCP 53", false],
    ],
  ),
  named(
    "a name that the destination lacks opens nothing",
    [{ name: "api", containerPort: 80 }],
    { port: "web" },
    [["TCP 80", false]],
  ),
  {
    title: "a named port of ingress is one of the pod that it protects",
    resources: [
      pod("shop", "client", "10.244.0.1", [{ name: "web", containerPort: 80 }]),
      pod("shop", "server", "10.244.0.2", [{ name: "web", containerPort: 8080 }]),
      ingressPolicy("shop", "p", [{ ports: [{ port: "web" }] }]),
    ],
    flows: [
      ["shop/Pod/client", "shop/Pod/server", "TCP 8080", true],
      ["shop/Pod/client", "shop/Pod/server", "TCP 80", false],
    ],
  },
  {
    title: "one name is another number at each destination",
    resources: [
      pod("shop", "client", "10.244.0.1"),
      pod("shop", "one", "10.244.0.2", [{ name: "web", containerPort: 80 }]),
      pod("shop", "two", "10.244.0.3", [{ name: "web", containerPort: 443 }]),
      egressPolicy("shop", "p", [{ to: [{ podSelector: {} }], ports: [{ port: "web" }] }]),
    ],
    flows: [
      ["shop/Pod/client", "shop/Pod/one", "TCP 80", true],
      ["shop/Pod/client", "shop/Pod/one", "TCP 443", false],
      ["shop/Pod/client", "shop/Pod/two", "TCP 443", true],
      ["shop/Pod/client", "shop/Pod/two", "TCP 80", false],
    ],
  },
  {
    title: "a block that holds the address of a pod reaches that pod",
    resources: [
      ...target({ name: "web", containerPort: 80 }),
      egressPolicy("shop", "p", [
        { to: [toBlock("10.244.0.0/24", "10.244.0.4/30")], ports: [{ port: 80 }] },
      ]),
    ],
    flows: [
      ["shop/Pod/client", "shop/Pod/server", "TCP 80", true],
      ["shop/Pod/client", "shop/Pod/server", "TCP 81", false],
    ],
  },
  {
    title: "a block whose exception holds the address of a pod does not reach it",
    resources: [
      ...target(),
      egressPolicy("shop", "p", [{ to: [toBlock("10.244.0.0/24", "10.244.0.0/30")] }]),
    ],
    flows: [["shop/Pod/client", "shop/Pod/server", "TCP 80", false]],
  },
  {
    title: "a port of a sidecar has a name like any other",
    resources: [
      pod("shop", "client", "10.244.0.1"),
      object("core/v1:Pod", "shop", "server", {
        spec: {
          containers: [{ name: "main", image: "image" }],
          initContainers: [
            {
              name: "sidecar",
              image: "image",
              restartPolicy: "Always",
              ports: [{ name: "web", containerPort: 15_001 }],
            },
          ],
        },
      }),
      egressPolicy("shop", "p", [{ to: [{ podSelector: {} }], ports: [{ port: "web" }] }]),
    ],
    flows: [["shop/Pod/client", "shop/Pod/server", "TCP 15001", true]],
  },
];
