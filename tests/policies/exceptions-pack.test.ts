import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import test from "ava";
import type { PolicyException } from "../../components/lib/stack/policies.ts";
import type { Resource } from "../../policies/model/resource.ts";
import { policiesOf } from "../../policies/pack/policies.ts";
import { rules } from "../../policies/rules.ts";
import { goodResources, kube, settings } from "./good-graph.ts";
import { askResource, askStack } from "./support/ask-pack.ts";

const accepted: PolicyException = {
  policy: "W01",
  object: "Pod gateway/probe",
  path: "spec.hostNetwork",
  reason: "measures the host's own network for a week",
  owner: "network team",
  expires: "2026-12-31",
};

const probe = kube("core/v1:Pod", "probe", "gateway", { spec: { hostNetwork: true } });

/** What the pack reports and what it tells, for one policy. */
async function answers(
  policy: string,
  exceptions: readonly PolicyException[],
  resources: readonly Resource[],
) {
  const told: string[] = [];
  const policies = policiesOf(rules, {
    today: "2026-11-24",
    tell: (line) => told.push(line),
    settingsOf: () => ({
      settings: { ...settings, policies: { ...settings.policies, exceptions: [...exceptions] } },
    }),
  });
  const found: (ResourceValidationPolicy | StackValidationPolicy)[] = policies.filter(({ name }) =>
    name.startsWith(policy),
  );
  const reported: string[] = [];
  for (const each of found) {
    const report = (message: string) => reported.push(message);
    if ("validateStack" in each) await askStack(each, resources, report);
    else for (const resource of resources) await askResource(each, resource, report);
  }
  return { told, reported };
}

test("the pack tells an excepted finding of a resource policy instead of reporting it", async (t) => {
  const { told, reported } = await answers("W01", [accepted], [probe]);
  t.deepEqual(told, [
    "W01-restricted-pods: Pod gateway/probe: spec.hostNetwork: is true and must be false. Excepted until 2026-12-31 by network team: measures the host's own network for a week",
  ]);
  t.false(reported.some((message) => message.includes("hostNetwork")));
});

test("the pack does the same for a stack policy", async (t) => {
  const open = goodResources.filter(({ name }) => name !== "default-deny");
  const { path: _, ...whole } = accepted;
  const { told, reported } = await answers(
    "E04",
    [{ ...whole, policy: "E04", object: "Namespace inference" }],
    open,
  );
  t.is(told.length, 1);
  t.deepEqual(reported, []);
});

test("an expired exception is reported once, by the policy that nobody can except", async (t) => {
  const expired = [{ ...accepted, expires: "2026-11-23" }];
  const every = await answers("", expired, [probe]);
  t.deepEqual(every.told, []);
  t.is(every.reported.filter((message) => message.startsWith("the stack file: ")).length, 1);
  t.true(every.reported.some((message) => message.includes("spec.hostNetwork")));
  const { reported } = await answers("C01", expired, []);
  t.deepEqual(reported, [
    "the stack file: private-llm:policies.exceptions[0].expires: the exception of W01 for Pod gateway/probe ended on 2026-11-23, so it excepts nothing. Remedy: remove the exception and mend the object, or let network team decide again and write a new date",
  ]);
});
