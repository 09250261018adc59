import { findingMessage, policyName } from "../policies/message.ts";
import type { Finding } from "../policies/model/finding.ts";
import type { Resource } from "../policies/model/resource.ts";
import { runPackProcess } from "./pack-process.ts";

/**
 * Asks the policy pack, as the engine runs it, about the same resources, and says where its answer
 * differs from what was found in process; empty when both agree.
 */
export async function packDifferences(
  resources: readonly Resource[],
  stack: string,
  findings: readonly Finding[],
): Promise<string[]> {
  const here = new Set(
    findings.map(
      (finding) =>
        `${policyName({ id: finding.policy, name: finding.name })} ${finding.urn} ${findingMessage(finding)}`,
    ),
  );
  const answers = await runPackProcess(resources, stack);
  const there = new Set(answers.map(({ policy, urn, message }) => `${policy} ${urn} ${message}`));
  return [
    ...[...here.difference(there)].map((line) => `only found in process: ${line}`),
    ...[...there.difference(here)].map((line) => `only found by the pack: ${line}`),
  ];
}
