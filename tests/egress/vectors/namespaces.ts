import type { ValueObject } from "../../../policies/model/value.ts";
import { manifest, namespaceObject, object } from "../support/resources.ts";
import { app, byName, egressPolicy, pod, template } from "./stack.ts";
import type { FlowTable, Vector } from "./vector.ts";

const web = pod("shop", "web", "10.244.0.1");
const db = pod("bank", "db", "10.244.0.2");

/** A client that may send to namespaces with some labels, and what is said of the other one's labels. */
function toBank(
  title: string,
  bank: readonly object[],
  namespaceSelector: ValueObject,
  passes: boolean,
): FlowTable {
  return {
    title,
    resources: [
      web,
      db,
      ...(bank.length === 0 ? [] : [namespaceObject("bank", { ...bank[0] })]),
      egressPolicy("shop", "p", [{ to: [{ namespaceSelector }] }]),
    ],
    flows: [["shop/Pod/web", "bank/Pod/db", "TCP 80", passes]],
  };
}

const isTrusted = { matchLabels: { trust: "yes" } };

export const namespaceTables: readonly FlowTable[] = [
  toBank("a namespace without an object has its name as a label", [], byName("bank"), true),
  toBank("a namespace without an object has no other label", [], isTrusted, false),
  toBank(
    "a namespace without an object lacks every other key",
    [],
    {
      matchExpressions: [{ key: "trust", operator: "DoesNotExist" }],
    },
    true,
  ),
  toBank("a Namespace object gives its labels", [{ trust: "yes" }], isTrusted, true),
  toBank("a Namespace object keeps its name as a label", [{ trust: "yes" }], byName("bank"), true),
  toBank(
    "a namespace cannot take another one's name by a label",
    [{ "kubernetes.io/metadata.name": "vault" }],
    byName("vault"),
    false,
  ),
  toBank(
    "a namespace cannot lose its own name by a label",
    [{ "kubernetes.io/metadata.name": "vault" }],
    byName("bank"),
    true,
  ),
  {
    title: "of two Namespace objects of one name either may be the one that holds",
    resources: [
      web,
      db,
      namespaceObject("bank", { trust: "no" }),
      namespaceObject("bank", { trust: "yes" }),
      egressPolicy("shop", "p", [{ to: [{ namespaceSelector: isTrusted }] }]),
    ],
    flows: [["shop/Pod/web", "bank/Pod/db", "TCP 80", true]],
  },
  {
    title: "a patch of a Namespace can give it any label",
    resources: [
      web,
      db,
      manifest("core/v1:NamespacePatch", { metadata: { name: "bank", labels: { trust: "yes" } } }),
      egressPolicy("shop", "p", [{ to: [{ namespaceSelector: isTrusted }] }]),
    ],
    flows: [["shop/Pod/web", "bank/Pod/db", "TCP 80", true]],
    errors: ["NamespacePatch bank"],
  },
];

export const namespaceVectors: readonly Vector[] = [
  {
    title: "a policy selects no pods of another namespace",
    resources: [web, egressPolicy("bank", "deny", [])],
    workload: "shop/Pod/web",
    isolated: false,
    external: ["everything"],
  },
  {
    title: "a policy without a namespace lies in the default one",
    resources: [
      pod("default", "web", "10.244.0.3"),
      {
        ...egressPolicy("default", "deny", []),
        properties: {
          metadata: { name: "deny" },
          spec: { podSelector: {}, policyTypes: ["Egress"] },
        },
      },
    ],
    workload: "default/Pod/web",
    isolated: true,
    external: [],
  },
  {
    title: "a workload without a namespace lies in the default one",
    resources: [
      {
        ...object("apps/v1:Deployment", "default", "web", {}),
        properties: { metadata: { name: "web" }, spec: { template: template("web") } },
      },
      egressPolicy("default", "deny", []),
    ],
    workload: "default/Deployment/web",
    isolated: true,
    external: [],
  },
  {
    title: "labels are those of the pods, not those of their Deployment",
    resources: [
      object(
        "apps/v1:Deployment",
        "shop",
        "web",
        { spec: { template: template("web", {}, { app: "other" }) } },
        { app: "web" },
      ),
      egressPolicy("shop", "deny", [], app("web")),
    ],
    workload: "shop/Deployment/web",
    isolated: false,
    external: ["everything"],
  },
];
