import { policy } from "../support/resources.ts";
import { app, deployment } from "./stack.ts";
import type { Vector } from "./vector.ts";

const web = deployment("shop", "web");
const key = "shop/Deployment/web";
const expression = (operator: string, name: string, ...values: readonly string[]) => ({
  matchExpressions: [
    values.length === 0 ? { key: name, operator } : { key: name, operator, values },
  ],
});

/** Ways to misread a selector, each of which shows in who is isolated. */
export const selectorPitfalls: readonly Vector[] = [
  {
    title: "mutation: In taken for NotIn",
    resources: [
      web,
      policy("shop", "p", { podSelector: expression("In", "app", "web"), policyTypes: ["Egress"] }),
    ],
    workload: key,
    isolated: true,
    external: [],
  },
  {
    title: "mutation: NotIn taken for In",
    resources: [
      web,
      policy("shop", "p", {
        podSelector: expression("NotIn", "app", "web"),
        policyTypes: ["Egress"],
      }),
    ],
    workload: key,
    isolated: false,
    external: ["everything"],
  },
  {
    title: "mutation: NotIn that wants the key to be there",
    resources: [
      web,
      policy("shop", "p", {
        podSelector: expression("NotIn", "tier", "x"),
        policyTypes: ["Egress"],
      }),
    ],
    workload: key,
    isolated: true,
    external: [],
  },
  {
    title: "mutation: Exists taken for DoesNotExist",
    resources: [
      web,
      policy("shop", "p", { podSelector: expression("Exists", "tier"), policyTypes: ["Egress"] }),
    ],
    workload: key,
    isolated: false,
    external: ["everything"],
  },
  {
    title: "mutation: DoesNotExist taken for Exists",
    resources: [
      web,
      policy("shop", "p", {
        podSelector: expression("DoesNotExist", "tier"),
        policyTypes: ["Egress"],
      }),
    ],
    workload: key,
    isolated: true,
    external: [],
  },
  {
    title: "mutation: matchExpressions not read at all",
    resources: [
      web,
      policy("shop", "p", {
        podSelector: { ...app("web"), ...expression("Exists", "tier") },
        policyTypes: ["Egress"],
      }),
    ],
    workload: key,
    isolated: false,
    external: ["everything"],
  },
];
