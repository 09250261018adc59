import { clusterPolicy, denyEgress } from "../support/resources.ts";
import { app, byName } from "./stack.ts";
import { cluster, networks, open443, shop, tcp443, verdict } from "./tier-stack.ts";
import type { Vector } from "./vector.ts";

/** What the order of tiers, priorities and rules decides. */
export const tierVerdicts: readonly Vector[] = [
  verdict(
    "an Accept of the admin tier beats a network policy that denies",
    [
      denyEgress("shop"),
      cluster("a", [{ action: "Accept", to: [networks("203.0.113.0/24")], protocols: [tcp443] }]),
    ],
    true,
    ["203.0.113.0/24 TCP 443"],
  ),
  verdict(
    "a Deny of the admin tier beats a network policy that allows",
    [open443, cluster("d", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }])],
    true,
    [],
  ),
  verdict(
    "a Deny of IPv4 leaves IPv6 as it was",
    [open443, cluster("d", [{ action: "Deny", to: [networks("0.0.0.0/0")] }])],
    true,
    ["::/0 TCP 443"],
  ),
  verdict(
    "a Deny of each family in a rule of its own is a Deny of both",
    [
      open443,
      cluster("d", [
        { action: "Deny", to: [networks("0.0.0.0/0")] },
        { action: "Deny", to: [networks("::/0")] },
      ]),
    ],
    true,
    [],
  ),
  verdict(
    "the admin tier isolates nobody: what it does not name stays open",
    [cluster("a", [{ action: "Accept", to: [networks("10.0.0.0/8")] }])],
    false,
    ["everything"],
  ),
  verdict(
    "a Pass keeps a later Accept away from what it names",
    [
      denyEgress("shop"),
      cluster("p", [
        { action: "Pass", to: [networks("10.0.0.0/9")] },
        { action: "Accept", to: [networks("10.0.0.0/8")], protocols: [tcp443] },
      ]),
    ],
    true,
    ["10.128.0.0/9 TCP 443"],
  ),
  verdict(
    "a Pass keeps a later Deny away from what it names",
    [
      open443,
      cluster("p", [
        { action: "Pass", to: [networks("10.0.0.0/8")] },
        { action: "Deny", to: [networks("0.0.0.0/0", "::/0")] },
      ]),
    ],
    true,
    ["10.0.0.0/8 TCP 443"],
  ),
  verdict(
    "a Deny before an Accept in one policy denies",
    [
      denyEgress("shop"),
      cluster("o", [
        { action: "Deny", to: [networks("10.1.0.0/16")] },
        { action: "Accept", to: [networks("10.0.0.0/15")], protocols: [tcp443] },
      ]),
    ],
    true,
    ["10.0.0.0/16 TCP 443"],
  ),
  verdict(
    "the lower number comes first: a Deny of 5 before an Accept of 10",
    [
      denyEgress("shop"),
      cluster("accept", [{ action: "Accept", to: [networks("10.0.0.0/8")] }]),
      cluster("deny", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }], { priority: 5 }),
    ],
    true,
    [],
  ),
  verdict(
    "the lower number comes first: an Accept of 5 before a Deny of 10",
    [
      denyEgress("shop"),
      cluster("accept", [{ action: "Accept", to: [networks("10.0.0.0/8")] }], { priority: 5 }),
      cluster("deny", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }]),
    ],
    true,
    ["10.0.0.0/8 all"],
  ),
  verdict(
    "numbers are compared as numbers: 9 comes before 10 and 1000 last",
    [
      denyEgress("shop"),
      cluster("accept", [{ action: "Accept", to: [networks("10.0.0.0/8")] }], { priority: 10 }),
      cluster("deny", [{ action: "Deny", to: [networks("10.0.0.0/8")] }], { priority: 9 }),
      cluster("late", [{ action: "Accept", to: [networks("10.0.0.0/8")] }], { priority: 1000 }),
    ],
    true,
    [],
  ),
  verdict(
    "of two policies of one priority either may come first, so what one accepts is open",
    [
      denyEgress("shop"),
      cluster("accept", [{ action: "Accept", to: [networks("10.0.0.0/8")] }]),
      cluster("deny", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }]),
    ],
    true,
    ["10.0.0.0/8 all"],
  ),
  verdict(
    "within one policy the order counts, even where another has the same priority",
    [
      denyEgress("shop"),
      cluster("ordered", [
        { action: "Deny", to: [networks("10.0.0.0/8")] },
        { action: "Accept", to: [networks("10.0.0.0/8")] },
      ]),
      cluster("other", [{ action: "Deny", to: [networks("192.168.0.0/16")] }]),
    ],
    true,
    [],
  ),
  verdict(
    "the baseline decides over pods that no network policy selects",
    [cluster("b", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }], { tier: "Baseline" })],
    false,
    [],
  ),
  verdict(
    "the baseline has no say over pods that a network policy selects",
    [
      denyEgress("shop"),
      cluster("b", [{ action: "Accept", to: [networks("0.0.0.0/0", "::/0")] }], {
        tier: "Baseline",
      }),
    ],
    true,
    [],
  ),
  verdict(
    "the baseline takes nothing from what a network policy allows",
    [
      open443,
      cluster("b", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }], { tier: "Baseline" }),
    ],
    true,
    ["0.0.0.0/0 TCP 443", "::/0 TCP 443"],
  ),
  verdict(
    "a subject of other namespaces is no subject here",
    [
      open443,
      cluster("d", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }], {
        subject: { namespaces: byName("bank") },
      }),
    ],
    true,
    ["0.0.0.0/0 TCP 443", "::/0 TCP 443"],
  ),
  verdict(
    "a subject by the labels of pods is no other pod",
    [
      open443,
      cluster("d", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }], {
        subject: { pods: { namespaceSelector: {}, podSelector: app("db") } },
      }),
    ],
    true,
    ["0.0.0.0/0 TCP 443", "::/0 TCP 443"],
  ),
  verdict(
    "a range of ports holds both of its ends",
    [
      denyEgress("shop"),
      cluster("a", [
        {
          action: "Accept",
          to: [networks("10.0.0.0/8")],
          protocols: [{ udp: { destinationPort: { range: { start: 50, end: 53 } } } }],
        },
      ]),
    ],
    true,
    ["10.0.0.0/8 UDP 50-53"],
  ),
  verdict(
    "a rule about ingress lets nothing out",
    [
      denyEgress("shop"),
      clusterPolicy("i", {
        tier: "Admin",
        priority: 1,
        subject: shop,
        ingress: [{ action: "Accept", from: [{ namespaces: {} }] }],
      }),
    ],
    true,
    [],
  ),
];
