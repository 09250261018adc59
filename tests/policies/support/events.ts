import { packName } from "../../../offline/pack-summary.ts";
import { policyName } from "../../../policies/message.ts";
import type { Rule } from "../../../policies/model/rule.ts";

/** How a preview differs from one in which every policy passed. */
export interface Incident {
  readonly rule: Rule;
  /**
   * `disabled` and `not applicable` leave a policy out of every list of a summary, as the engine does;
   * `unknown` is a policy that the SDK could not run, told as mere advice.
   */
  readonly what: "disabled" | "not applicable" | "unknown" | "lowered";
}

const urn = "urn:pulumi:dev::private-llm::kubernetes:core/v1:Namespace::inference";

/** The event stream of a preview, one event a line, after the engine's event types. */
export function previewEvents(rules: readonly Rule[], incident?: Incident): string {
  const passed = (level: Rule["level"]) =>
    rules.filter((rule) => rule.level === level && rule !== incident?.rule).map(policyName);
  const fails = incident?.what === "unknown" || incident?.what === "lowered";
  const failed = (level: Rule["level"]) =>
    fails && incident.rule.level === level ? [policyName(incident.rule)] : [];
  const pack = { policyPackName: packName, policyPackVersion: "0.1.0" };
  const payloads = [
    { preludeEvent: { config: {} } },
    ...(fails ? [{ policyEvent: { ...pack, ...violation(incident) } }] : []),
    {
      policyAnalyzeSummaryEvent: {
        ...pack,
        resourceUrn: urn,
        passed: passed("resource"),
        failed: failed("resource"),
      },
    },
    {
      policyAnalyzeStackSummaryEvent: { ...pack, passed: passed("stack"), failed: failed("stack") },
    },
    { summaryEvent: { resourceChanges: { create: 1 }, PolicyPacks: { [packName]: "0.1.0" } } },
  ];
  return payloads
    .map((payload, sequence) => `${JSON.stringify({ sequence, timestamp: 1, ...payload })}\n`)
    .join("");
}

function violation({ rule, what }: Incident) {
  const policy = policyName(rule);
  const message =
    what === "unknown"
      ? `can't run policy '${policy}' from policy pack '${packName}@v0.1.0' during preview: string value at .spec can't be known during preview`
      : `${rule.description}\nNamespace inference: something is wrong`;
  return { resourceUrn: urn, policyName: policy, message, enforcementLevel: "advisory" };
}
