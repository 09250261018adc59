import type { ValueObject } from "../../../policies/model/value.ts";
import { type Protocol, protocols } from "../oracle/kubernetes.ts";
import { clusterPolicy } from "../support/resources.ts";
import { type Action, at, type Direction, flow, peers, pods, ports, type Tier } from "./houses.ts";
import { byName } from "./stack.ts";
import type { FlowTable } from "./vector.ts";

interface Rules {
  readonly first: readonly Action[];
  readonly second: readonly Action[];
  readonly open: readonly ValueObject[];
  readonly shut: readonly ValueObject[];
}

/**
 * Rules for everything from or to east, for some ports of south, and for west: some ports accepted, the
 * rest denied. The order of actions is what each test varies.
 */
function rulesOf(direction: Direction, { first, second, open, shut }: Rules) {
  return [
    ...first.map((action) => ({ action, ...peers(direction, "east") })),
    ...second.map((action) => ({ action, ...peers(direction, "south"), protocols: shut })),
    { action: "Accept", ...peers(direction, "west"), protocols: open },
    { action: "Deny", ...peers(direction, "west") },
  ];
}

/** What is expected of each first action among those for the same traffic. */
const passes: Readonly<Record<Action, boolean>> = { Accept: true, Deny: false, Pass: true };

function orderTable(
  tier: Tier,
  direction: Direction,
  subjectProtocols: readonly Protocol[],
  first: readonly Action[],
  second: readonly Action[],
): FlowTable {
  const open = subjectProtocols.map((protocol) => at(protocol, ports[protocol][0]));
  const rules = rulesOf(direction, { first, second, open, shut: open });
  const word = subjectProtocols.length === 1 ? subjectProtocols[0] : "every protocol";
  return {
    title: `${tier} tier, ${direction} of ${word}: ${first.join(" before ")}, then ${second.join(" before ")} of a port`,
    resources: [
      ...pods,
      clusterPolicy("ordered", {
        tier,
        priority: 10,
        subject: { namespaces: byName("north") },
        [direction]: rules,
      }),
    ],
    flows: subjectProtocols.flatMap((protocol) => {
      const [one, other] = ports[protocol];
      const [everything, some] = [passes[first[0] ?? "Pass"], passes[second[0] ?? "Pass"]];
      return [
        flow(direction, "east", protocol, one, everything),
        flow(direction, "east", protocol, other, everything),
        flow(direction, "south", protocol, one, some),
        flow(direction, "south", protocol, other, true),
        flow(direction, "west", protocol, one, true),
        flow(direction, "west", protocol, other, false),
      ];
    }),
  };
}

const adminOrders: readonly (readonly [readonly Action[], readonly Action[]])[] = [
  [
    ["Accept", "Deny", "Pass"],
    ["Deny", "Pass"],
  ],
  [
    ["Deny", "Accept", "Pass"],
    ["Deny", "Pass"],
  ],
  [
    ["Pass", "Deny", "Accept"],
    ["Pass", "Deny"],
  ],
];
const baselineOrders: typeof adminOrders = [
  [["Accept", "Deny"], ["Deny"]],
  [["Deny", "Accept"], ["Deny"]],
];

/** Rules for the same traffic in every order, in both tiers, both directions and each protocol. */
export const tierOrders: readonly FlowTable[] = (["Admin", "Baseline"] as const).flatMap((tier) =>
  (tier === "Admin" ? adminOrders : baselineOrders).flatMap(([first, second]) =>
    (["egress", "ingress"] as const).flatMap((direction) => [
      ...protocols.map((protocol) => orderTable(tier, direction, [protocol], first, second)),
      orderTable(tier, direction, protocols, first, second),
    ]),
  ),
);
