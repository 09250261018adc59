import { secretPlaceholder } from "../../../policies/model/field.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { isObject, unknown, type Value } from "../../../policies/model/value.ts";
import { replaceAt } from "../../policies/good-graph.ts";
import { denyEgress, namespaceObject, policy } from "../support/resources.ts";
import { deployment, toBlock } from "./stack.ts";
import type { Vector } from "./vector.ts";

export type Step = string | number;

const allow = policy("shop", "allow", {
  podSelector: { matchLabels: { app: "web" } },
  policyTypes: ["Egress"],
  egress: [
    {
      to: [
        toBlock("10.20.0.0/16", "10.20.1.0/24"),
        {
          namespaceSelector: { matchLabels: { trust: "yes" } },
          podSelector: {
            matchExpressions: [{ key: "app", operator: "In", values: ["db", "cache"] }],
          },
        },
      ],
      ports: [{ protocol: "TCP", port: 443, endPort: 444 }],
    },
  ],
});

const web = deployment("shop", "web");
const before = [namespaceObject("shop"), web, denyEgress("shop")];

export function obscure(resource: Resource, path: readonly Step[], value: Value): Resource {
  const properties = replaceAt(resource.properties, path, value);
  if (!isObject(properties)) throw new Error("only places inside an object are replaced");
  return { ...resource, properties };
}

export function shown(path: readonly Step[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : `${text}.${step}`),
    "",
  );
}

const rule = ["spec", "egress", 0] as const;
const selector = [...rule, "to", 1, "podSelector", "matchExpressions", 0] as const;

/** Every place of a policy that decides what it opens, and for whom. */
const policyPlaces: readonly (readonly Step[])[] = [
  ["spec"],
  ["spec", "podSelector"],
  ["spec", "podSelector", "matchLabels"],
  ["spec", "podSelector", "matchLabels", "app"],
  ["spec", "policyTypes"],
  ["spec", "policyTypes", 0],
  ["spec", "egress"],
  rule,
  [...rule, "to"],
  [...rule, "to", 0],
  [...rule, "to", 0, "ipBlock"],
  [...rule, "to", 0, "ipBlock", "cidr"],
  [...rule, "to", 0, "ipBlock", "except"],
  [...rule, "to", 0, "ipBlock", "except", 0],
  [...rule, "to", 1, "namespaceSelector"],
  [...rule, "to", 1, "namespaceSelector", "matchLabels", "trust"],
  [...rule, "to", 1, "podSelector"],
  [...rule, "to", 1, "podSelector", "matchExpressions"],
  selector,
  [...selector, "key"],
  [...selector, "operator"],
  [...selector, "values"],
  [...selector, "values", 1],
  [...rule, "ports"],
  [...rule, "ports", 0],
  [...rule, "ports", 0, "protocol"],
  [...rule, "ports", 0, "port"],
  [...rule, "ports", 0, "endPort"],
];

/** A policy of which something is unknown allows everything, even beside one that denies everything. */
const inAllow: readonly Vector[] = policyPlaces.flatMap((path) =>
  [["unknown", unknown] as const, ["encrypted", secretPlaceholder] as const].map(
    ([word, value]) => ({
      title: `a policy with an ${word} value at${shown(path)} allows everything`,
      resources: [...before, obscure(allow, path, value)],
      workload: "shop/Deployment/web",
      external: ["everything"],
      errors: [`NetworkPolicy shop/allow ${shown(path).slice(1)}`],
    }),
  ),
);

/** A policy of which something is unknown isolates nobody. */
const inDeny: readonly Vector[] = [
  ["spec"],
  ["spec", "podSelector"],
  ["spec", "policyTypes"],
  ["spec", "policyTypes", 0],
].map((path) => ({
  title: `a deny with an unknown value at${shown(path)} isolates nobody`,
  resources: [
    web,
    obscure(
      policy("shop", "deny", { podSelector: {}, policyTypes: ["Egress"], egress: [] }),
      path,
      unknown,
    ),
  ],
  workload: "shop/Deployment/web",
  isolated: false,
  external: ["everything"],
  errors: [`NetworkPolicy shop/deny ${shown(path).slice(1)}`],
}));

const labels = ["spec", "template", "metadata", "labels"] as const;

const elsewhere: readonly Vector[] = [
  {
    title: "a policy of an unknown namespace may lie in any",
    resources: [...before, obscure(allow, ["metadata", "namespace"], unknown)],
    workload: "shop/Deployment/web",
    external: ["everything"],
    errors: ["NetworkPolicy (unknown)/allow metadata.namespace"],
  },
  ...[secretPlaceholder, ["shop"], 7].map((metadata) => ({
    title: `a policy whose metadata is ${JSON.stringify(metadata)} may lie in any namespace`,
    resources: [...before, obscure(allow, ["metadata"], metadata)],
    workload: "shop/Deployment/web",
    external: ["everything"],
    errors: ["NetworkPolicy"],
  })),
  {
    title: "a deny of an unknown namespace isolates nobody",
    resources: [web, obscure(denyEgress("shop"), ["metadata", "namespace"], unknown)],
    workload: "shop/Deployment/web",
    isolated: false,
    external: ["everything"],
    errors: ["NetworkPolicy (unknown)/deny metadata.namespace"],
  },
  ...[labels, [...labels, "app"], ["spec", "template", "metadata"]].map((path) => ({
    title: `pods with unknown labels at${shown(path)} may be those that a rule is for`,
    resources: [denyEgress("shop"), allow, obscure(web, path, unknown)],
    workload: "shop/Deployment/web",
    isolated: true,
    covers: ["10.20.2.0/24 TCP 443-444"],
    errors: [`Deployment shop/web ${shown(path).slice(1)}`],
  })),
  {
    title: "pods with an unknown label are not certainly those that a deny is for",
    resources: [
      obscure(web, [...labels, "app"], unknown),
      policy("shop", "deny", {
        podSelector: { matchLabels: { app: "web" } },
        policyTypes: ["Egress"],
      }),
    ],
    workload: "shop/Deployment/web",
    isolated: false,
    external: ["everything"],
    errors: ["Deployment shop/web spec.template.metadata.labels.app"],
  },
  ...[
    ["spec"],
    ["spec", "template"],
    ["spec", "template", "spec"],
    ["spec", "template", "spec", "hostNetwork"],
  ].map((path) => ({
    title: `pods with an unknown value at${shown(path)} may share the host's network`,
    resources: [denyEgress("shop"), obscure(web, path, unknown)],
    workload: "shop/Deployment/web",
    isolated: false,
    external: ["everything"],
    errors: [`Deployment shop/web ${shown(path).slice(1)}`],
  })),
];

export const unknownVectors: readonly Vector[] = [...inAllow, ...inDeny, ...elsewhere];
