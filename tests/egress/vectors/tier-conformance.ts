import type { Resource } from "../../../policies/model/resource.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import { protocols } from "../oracle/kubernetes.ts";
import { clusterPolicy } from "../support/resources.ts";
import { type Action, type Direction, flow, type House, peers, pods, type Tier } from "./houses.ts";
import { byName, egressPolicy } from "./stack.ts";
import { tierOrders } from "./tier-orders.ts";
import type { FlowTable } from "./vector.ts";

function bySelectors(house: House): ValueObject {
  const selector = { matchLabels: { house } };
  return { pods: { namespaceSelector: selector, podSelector: selector } };
}

const everywhere = { networks: ["0.0.0.0/0", "::/0"] };

/** Networks hold the addresses of pods too, so pods that shall stay reachable come first. */
function networkTable(tier: Tier, before: readonly ValueObject[], reached: boolean): FlowTable {
  const word = reached ? "accepted by their addresses" : "denied with all addresses";
  return {
    title: `${tier} tier: pods of a house are ${word}`,
    resources: [
      ...pods,
      clusterPolicy("networks", {
        tier,
        priority: 85,
        subject: bySelectors("north"),
        egress: [
          ...before,
          { action: "Accept", to: [bySelectors("west")] },
          { action: "Deny", to: [everywhere] },
        ],
      }),
    ],
    flows: protocols.flatMap((protocol) => [
      ["north/Pod/north-1", "west/Pod/west-0", `${protocol} 80`, true] as const,
      ["north/Pod/north-1", "east/Pod/east-0", `${protocol} 80`, reached] as const,
      ["north/Pod/north-1", "south/Pod/south-0", `${protocol} 80`, reached] as const,
      ["north/Pod/north-1", "east/Pod/east-1", `${protocol} 80`, false] as const,
      ["north/Pod/north-1", "south/Pod/south-1", `${protocol} 80`, false] as const,
    ]),
  };
}

const someAddresses = { action: "Accept", to: [{ networks: ["10.244.1.1/32", "10.244.2.1/32"] }] };

const networks: readonly FlowTable[] = (["Admin", "Baseline"] as const).flatMap((tier) => [
  networkTable(tier, [], false),
  networkTable(tier, [someAddresses], true),
]);

function namedTable(
  tier: Tier,
  direction: Direction,
  name: string,
  flows: FlowTable["flows"],
): FlowTable {
  return {
    title: `${tier} tier, ${direction}: the port named ${name} is what the destination says it is`,
    resources: [
      ...pods,
      clusterPolicy("named", {
        tier,
        priority: 10,
        subject: { namespaces: byName("north") },
        [direction]: [
          {
            action: "Accept",
            ...peers(direction, "west"),
            protocols: [{ destinationNamedPort: name }],
          },
          { action: "Deny", ...peers(direction, "west") },
        ],
      }),
    ],
    flows,
  };
}

const named: readonly FlowTable[] = (["Admin", "Baseline"] as const).flatMap((tier) =>
  (["egress", "ingress"] as const).flatMap((direction) => [
    namedTable(tier, direction, "web", [
      flow(direction, "west", "TCP", 80, true),
      flow(direction, "west", "TCP", 8080, false),
      flow(direction, "west", "UDP", 80, false),
    ]),
    namedTable(tier, direction, "dns", [
      flow(direction, "west", "UDP", 53, true),
      flow(direction, "west", "UDP", 5353, false),
      flow(direction, "west", "TCP", 53, false),
    ]),
  ]),
);

function both(name: string, tier: Tier, priority: number, action: Action): Resource {
  return clusterPolicy(name, {
    tier,
    priority,
    subject: bySelectors("north"),
    ingress: [{ action, from: [bySelectors("east")] }],
    egress: [{ action, to: [bySelectors("east")] }],
  });
}

function bothWays(passing: boolean): FlowTable["flows"] {
  return [80, 8080].flatMap((port) => [
    ["north/Pod/north-0", "east/Pod/east-0", `TCP ${port}`, passing] as const,
    ["east/Pod/east-1", "north/Pod/north-0", `TCP ${port}`, passing] as const,
  ]);
}

const openEast = [
  egressPolicy("north", "to-east", [
    { to: [{ namespaceSelector: { matchLabels: { house: "east" } } }] },
  ]),
];

const tiers: readonly FlowTable[] = [
  {
    title: "a denial of priority 50 comes before a pass of priority 60",
    resources: [...pods, both("deny", "Admin", 50, "Deny"), both("pass", "Admin", 60, "Pass")],
    flows: bothWays(false),
  },
  {
    title: "a pass of priority 40 comes before a denial of priority 50, and the baseline accepts",
    resources: [
      ...pods,
      both("deny", "Admin", 50, "Deny"),
      both("pass", "Admin", 40, "Pass"),
      both("accept", "Baseline", 10, "Accept"),
    ],
    flows: bothWays(true),
  },
  {
    title: "a denial of the admin tier stands above a network policy that allows",
    resources: [...pods, both("deny", "Admin", 10, "Deny"), ...openEast],
    flows: bothWays(false),
  },
  {
    title: "what the admin tier passes, a network policy decides, and the baseline no more",
    resources: [
      ...pods,
      both("pass", "Admin", 10, "Pass"),
      both("deny", "Baseline", 10, "Deny"),
      ...openEast,
    ],
    flows: [["north/Pod/north-0", "east/Pod/east-0", "TCP 80", true]],
  },
  {
    title: "what the admin tier passes and no network policy selects, the baseline decides",
    resources: [...pods, both("pass", "Admin", 10, "Pass"), both("deny", "Baseline", 10, "Deny")],
    flows: bothWays(false),
  },
];

export const tierConformanceTables: readonly FlowTable[] = [
  ...tierOrders,
  ...networks,
  ...named,
  ...tiers,
];
