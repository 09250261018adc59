import type { Resource } from "../../../policies/model/resource.ts";
import { type ValueObject } from "../../../policies/model/value.ts";
import { denyEgress, manifest } from "../support/resources.ts";
import { networks, open443, shop, verdict, web } from "./tier-stack.ts";
import type { Vector } from "./vector.ts";

function admin(kind: string, name: string, spec: ValueObject): Resource {
  return manifest(`policy.networking.k8s.io/v1alpha1:${kind}`, { metadata: { name }, spec }, name);
}

const baseline = (name: string, egress: readonly ValueObject[]) =>
  admin("BaselineAdminNetworkPolicy", name, { subject: shop, egress });
const adminPolicy = (egress: readonly ValueObject[], priority: unknown = 10) =>
  admin("AdminNetworkPolicy", "x", {
    subject: shop,
    egress,
    ...(typeof priority === "number" ? { priority } : {}),
  });

/** AdminNetworkPolicy and BaselineAdminNetworkPolicy, which ClusterNetworkPolicy replaced. */
export const olderTiers: readonly Vector[] = [
  verdict(
    "an Allow of AdminNetworkPolicy beats a network policy",
    [
      denyEgress("shop"),
      adminPolicy([
        {
          action: "Allow",
          to: [networks("203.0.113.0/24")],
          ports: [{ portNumber: { port: 443 } }],
        },
      ]),
    ],
    true,
    ["203.0.113.0/24 TCP 443"],
  ),
  verdict(
    "a range of ports of AdminNetworkPolicy",
    [
      denyEgress("shop"),
      adminPolicy([
        {
          action: "Allow",
          to: [networks("203.0.113.0/24")],
          ports: [{ portRange: { protocol: "UDP", start: 53, end: 54 } }],
        },
      ]),
    ],
    true,
    ["203.0.113.0/24 UDP 53-54"],
  ),
  verdict(
    "a Pass of AdminNetworkPolicy leads to the baseline",
    [
      adminPolicy([{ action: "Pass", to: [networks("0.0.0.0/0")] }]),
      baseline("default", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }]),
    ],
    false,
    [],
  ),
  verdict(
    "the baseline has no say over pods that a network policy selects, in its older form too",
    [open443, baseline("default", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }])],
    true,
    ["0.0.0.0/0 TCP 443", "::/0 TCP 443"],
  ),
  {
    title: "there is but one baseline, and its name is default",
    resources: [web, baseline("other", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }])],
    workload: "shop/Pod/web",
    external: ["everything"],
    errors: ["BaselineAdminNetworkPolicy other metadata.name"],
  },
  {
    title: "a baseline cannot pass",
    resources: [web, baseline("default", [{ action: "Pass", to: [networks("0.0.0.0/0")] }])],
    workload: "shop/Pod/web",
    external: ["everything"],
    errors: ["BaselineAdminNetworkPolicy default spec.egress[0].action"],
  },
  {
    title: "an AdminNetworkPolicy accepts by the word Allow alone",
    resources: [
      web,
      denyEgress("shop"),
      adminPolicy([{ action: "Accept", to: [networks("10.0.0.0/8")] }]),
    ],
    workload: "shop/Pod/web",
    external: ["everything"],
    errors: ["AdminNetworkPolicy x spec.egress[0].action"],
  },
  {
    title: "an AdminNetworkPolicy needs a priority",
    resources: [
      web,
      denyEgress("shop"),
      adminPolicy([{ action: "Allow", to: [networks("10.0.0.0/8")] }], null),
    ],
    workload: "shop/Pod/web",
    external: ["everything"],
    errors: ["AdminNetworkPolicy x spec.priority"],
  },
];
