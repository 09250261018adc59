import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Resource } from "../../../policies/model/resource.ts";
import { policiesOf } from "../../../policies/pack/policies.ts";
import { rules } from "../../../policies/rules.ts";
import { settings } from "../good-graph.ts";
import { askResource, askStack } from "./ask-pack.ts";

/** What a policy handed to the SDK's `reportViolation`, argument by argument. */
export interface Report {
  readonly policy: string;
  readonly args: readonly unknown[];
}

export const policies: readonly (ResourceValidationPolicy | StackValidationPolicy)[] = policiesOf(
  rules,
  { today: "2026-11-24", tell: () => {}, settingsOf: () => ({ settings }) },
);

/** Asks every policy about the resources behind the SDK's own proxy. @throws what a policy throws */
export async function askEveryPolicy(resources: readonly Resource[]): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const policy of policies) {
    const report = (...args: readonly unknown[]) => reports.push({ policy: policy.name, args });
    if ("validateStack" in policy) await askStack(policy, resources, report);
    else for (const resource of resources) await askResource(policy, resource, report);
  }
  return reports;
}
