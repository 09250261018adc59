import type { Resource } from "../../../policies/model/resource.ts";
import { unknown } from "../../../policies/model/value.ts";
import { denyEgress } from "../support/resources.ts";
import { accept10, cluster, networks, web } from "./tier-stack.ts";
import type { Vector } from "./vector.ts";

/** What the API server or the schema of the definition refuses; an Accept counts as of everything then. */
function refused(title: string, policy: Resource, error: string): Vector {
  return {
    title,
    resources: [web, denyEgress("shop"), policy],
    workload: "shop/Pod/web",
    external: ["everything"],
    errors: [`ClusterNetworkPolicy x ${error}`],
  };
}

export const tierRefusals: readonly Vector[] = [
  refused("a tier of another name", cluster("x", [accept10], { tier: "Platform" }), "spec.tier"),
  refused("no tier", cluster("x", [accept10], { tier: null }), "spec.tier"),
  refused("a priority above 1000", cluster("x", [accept10], { priority: 1001 }), "spec.priority"),
  refused("a priority below 0", cluster("x", [accept10], { priority: -1 }), "spec.priority"),
  refused("no priority", cluster("x", [accept10], { priority: null }), "spec.priority"),
  refused(
    "an action in small letters",
    cluster("x", [{ ...accept10, action: "accept" }]),
    "spec.egress[0].action",
  ),
  refused(
    "an action of the other version",
    cluster("x", [{ ...accept10, action: "Allow" }]),
    "spec.egress[0].action",
  ),
  refused("no destination", cluster("x", [{ action: "Accept" }]), "spec.egress[0]"),
  refused(
    "an empty list of destinations",
    cluster("x", [{ action: "Accept", to: [] }]),
    "spec.egress[0].to",
  ),
  refused(
    "a destination of an unknown kind",
    cluster("x", [{ action: "Accept", to: [{ services: {} }] }]),
    "spec.egress[0].to[0]",
  ),
  refused(
    "a destination of two kinds",
    cluster("x", [{ action: "Accept", to: [{ namespaces: {}, networks: ["10.0.0.0/8"] }] }]),
    "spec.egress[0].to[0]",
  ),
  refused(
    "an address without a prefix",
    cluster("x", [{ action: "Accept", to: [networks("10.0.0.1")] }]),
    "spec.egress[0].to[0].networks[0]",
  ),
  refused(
    "more than 25 rules",
    cluster(
      "x",
      Array.from({ length: 26 }, () => accept10),
    ),
    "spec.egress",
  ),
  refused(
    "a range that ends where it starts",
    cluster("x", [
      { ...accept10, protocols: [{ tcp: { destinationPort: { range: { start: 80, end: 80 } } } }] },
    ]),
    "spec.egress[0].protocols[0]",
  ),
  refused(
    "a port of 0",
    cluster("x", [{ ...accept10, protocols: [{ tcp: { destinationPort: { number: 0 } } }] }]),
    "spec.egress[0].protocols[0]",
  ),
  refused(
    "a protocol without a port",
    cluster("x", [{ ...accept10, protocols: [{ tcp: {} }] }]),
    "spec.egress[0].protocols[0]",
  ),
  refused("no subject", cluster("x", [accept10], { subject: null }), "spec.subject"),
  refused(
    "a subject of two kinds",
    cluster("x", [accept10], {
      subject: { namespaces: {}, pods: { namespaceSelector: {}, podSelector: {} } },
    }),
    "spec.subject",
  ),
  refused(
    "a domain name that is denied",
    cluster("x", [{ action: "Deny", to: [{ domainNames: ["example.org"] }] }]),
    "spec.egress[0].to[0].domainNames",
  ),
  refused(
    "an unknown action",
    cluster("x", [{ ...accept10, action: unknown }]),
    "spec.egress[0].action",
  ),
  refused("an unknown subject", cluster("x", [accept10], { subject: unknown }), "spec.subject"),
];
