import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import { isArray, isObject, unknown, type Value } from "../../policies/model/value.ts";
import { admissionGuard } from "../../policies/rules/cross-cutting/admission-guard.ts";
import { runRule } from "../../policies/runner.ts";
import { admissionResources, goodResources, kube, replaceAt, settings } from "./good-graph.ts";

const group = "admissionregistration.k8s.io/v1";

function findings(resources: Parameters<typeof graphOf>[0]) {
  return runRule(admissionGuard, graphOf(resources), settings).findings;
}

type Step = string | number;

function leaves(
  value: Value | undefined,
  path: readonly Step[] = [],
): readonly (readonly Step[])[] {
  if (isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, index]));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([name, field]) => leaves(field, [...path, name]));
  }
  return [path];
}

const others: readonly (Value | undefined)[] = [unknown, undefined, "other"];

test("every leaf of every admission policy counts: unknown, gone or another value", (t) => {
  const silent: string[] = [];
  let tried = 0;
  for (const resource of admissionResources) {
    for (const path of leaves(resource.properties["spec"], ["spec"])) {
      for (const value of others) {
        tried += 1;
        const properties = replaceAt(resource.properties, path, value);
        if (!isObject(properties)) throw new Error("only places inside an object are replaced");
        const graph = goodResources.map((each) =>
          each === resource ? { ...each, properties } : each,
        );
        if (findings(graph).length === 0) silent.push(`${resource.name} ${path.join(".")}`);
      }
    }
  }
  t.deepEqual(silent, []);
  t.true(tried > 1000, `only ${tried} changes were tried`);
});

test("what the API server fills in is no difference", (t) => {
  const served = goodResources.map((each) => {
    if (!admissionResources.includes(each)) return each;
    const spec = each.properties["spec"];
    const filled = each.type.endsWith("Policy") ? { auditAnnotations: [], paramKind: null } : {};
    return {
      ...each,
      properties: {
        ...each.properties,
        spec: { ...(isObject(spec) ? spec : {}), ...filled },
        status: { typeChecking: {} },
      },
    };
  });
  t.deepEqual(findings(served), []);
});

test("a stack that makes no inference namespace owes no admission policies", (t) => {
  const workloads = goodResources.filter(
    (each) => !admissionResources.includes(each) && !each.type.endsWith(":Namespace"),
  );
  t.deepEqual(findings(workloads), []);
});

test("a binding of a mutating policy that the stack holds is judged with that policy", (t) => {
  const apiGroups = ["monitoring.coreos.com"];
  const policy = kube(`${group}:MutatingAdmissionPolicy`, "own", undefined, {
    spec: { matchConstraints: { resourceRules: [{ apiGroups, resources: ["*"] }] } },
  });
  const binding = kube(`${group}:MutatingAdmissionPolicyBinding`, "own", undefined, {
    spec: { policyName: "own" },
  });
  t.deepEqual(findings([...goodResources, policy, binding]), []);
  t.is(findings([...goodResources, binding]).length, 1);
});
