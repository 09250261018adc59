import { z } from "zod";
import { policyName } from "../policies/message.ts";
import type { Rule } from "../policies/model/rule.ts";

/** Name of the pack, as `policies/pack.ts` gives it to the engine. */
export const packName = "private-llm";

/** What the event stream of a preview says of the policy pack. */
export interface PackSummary {
  /** Policies that the pack has. */
  readonly policies: number;
  /** Resources that the engine asked the pack about. */
  readonly resources: number;
  /** Why the preview proves less than a clean run of every policy; empty where it proves that. */
  readonly faults: readonly string[];
}

/** A stream that is no sequence of engine events, so that it says nothing either way. */
export class EventStreamError extends Error {
  override readonly name = "EventStreamError";
}

const names = z.array(z.string()).default([]);
const stackSummary = z.looseObject({ policyPackName: z.string(), passed: names, failed: names });
const resourceSummary = stackSummary.extend({ resourceUrn: z.string() });
const violation = z.looseObject({
  policyPackName: z.string(),
  policyName: z.string(),
  message: z.string(),
});

/** Fields of an engine event that matter here; every event has one payload and a sequence number. */
const eventSchema = z.looseObject({
  sequence: z.int(),
  policyEvent: violation.optional(),
  policyAnalyzeSummaryEvent: resourceSummary.optional(),
  policyAnalyzeStackSummaryEvent: stackSummary.optional(),
});

type EngineEvent = z.infer<typeof eventSchema>;
type Summary = z.infer<typeof stackSummary>;
type PolicyViolation = z.infer<typeof violation>;

/**
 * Whether every policy of the pack ran and passed, on every resource and on the stack. The exit code of
 * a preview does not say so: a policy that was disabled, found not applicable or could not run (an
 * unknown value) leaves it at 0.
 * @param text output of `pulumi preview --json` with PULUMI_ENABLE_STREAMING_JSON_PREVIEW, one event a line
 * @throws EventStreamError where a line is no engine event
 */
export function packSummary(text: string, rules: readonly Rule[]): PackSummary {
  const events = readEvents(text);
  const resources = events.flatMap((event) => ofPack(event.policyAnalyzeSummaryEvent));
  const stacks = events.flatMap((event) => ofPack(event.policyAnalyzeStackSummaryEvent));
  const violations = events.flatMap((event) => ofPack(event.policyEvent));
  const faults = rules.flatMap((rule) => {
    const name = policyName(rule);
    const found =
      rule.level === "resource" ? resourceFaults(name, resources) : stackFaults(name, stacks);
    return rule.enforcement === "advisory"
      ? found.filter((fault) => binds(fault, violations))
      : found;
  });
  const advisory = rules.filter((rule) => rule.enforcement === "advisory").map(policyName);
  const told = [...faults.map(({ policy }) => policy), ...advisory];
  return {
    policies: rules.length,
    resources: new Set(resources.map((summary) => summary.resourceUrn)).size,
    faults: [
      ...unasked(resources.length, stacks.length),
      ...[...faults, ...unsummarised(violations, told)].map((fault) =>
        withMessages(fault, violations),
      ),
    ],
  };
}

function unasked(resources: number, stacks: number): readonly string[] {
  return [
    ...(resources > 0
      ? []
      : [
          `the pack ${packName} was asked about no resource; pass --policy-pack policies, without --policy-pack-config`,
        ]),
    ...(stacks > 0
      ? []
      : [
          `the pack ${packName} was never asked about the stack as a whole; a preview that fails on the way ends before that`,
        ]),
  ];
}

/** Advice may fail; it may not go unasked, nor be the SDK's own words for a policy that could not run. */
function binds({ policy, text }: PolicyFault, violations: readonly PolicyViolation[]): boolean {
  if (!text.startsWith("failed")) return true;
  return violations.some(
    ({ policyName: name, message }) => name === policy && /can't run policy/.test(plain(message)),
  );
}

/** Violations of policies whose summaries know of none: whatever the reason, they are violations. */
function unsummarised(
  violations: readonly PolicyViolation[],
  told: readonly string[],
): readonly PolicyFault[] {
  return [...new Set(violations.map((each) => each.policyName))]
    .filter((policy) => !told.includes(policy))
    .map((policy) => ({ policy, text: "failed, though no summary says so" }));
}

interface PolicyFault {
  readonly policy: string;
  readonly text: string;
}

function resourceFaults(
  policy: string,
  summaries: readonly z.infer<typeof resourceSummary>[],
): PolicyFault[] {
  const failed = summaries.filter((summary) => summary.failed.includes(policy));
  const absent = summaries.filter((summary) => !ran(policy, summary));
  const of = (some: readonly { readonly resourceUrn: string }[]) =>
    `${some.length} of ${summaries.length} resources, such as ${some[0]?.resourceUrn ?? ""}`;
  return [
    ...(failed.length === 0 ? [] : [{ policy, text: `failed on ${of(failed)}` }]),
    ...(absent.length === 0 ? [] : [{ policy, text: `did not run on ${of(absent)}; ${silent}` }]),
  ];
}

function stackFaults(policy: string, summaries: readonly Summary[]): PolicyFault[] {
  const failed = summaries.some((summary) => summary.failed.includes(policy));
  const absent = summaries.some((summary) => !ran(policy, summary));
  return [
    ...(failed ? [{ policy, text: "failed on the stack" }] : []),
    ...(absent ? [{ policy, text: `did not run on the stack; ${silent}` }] : []),
  ];
}

const silent = "it is disabled, or called itself not applicable";

function ran(policy: string, { passed, failed }: Summary): boolean {
  return passed.includes(policy) || failed.includes(policy);
}

/** The JSON goes to a file, so this is the only place where a person meets the reasons. */
function withMessages(
  { policy, text }: PolicyFault,
  violations: readonly PolicyViolation[],
): string {
  const messages = violations
    .filter((each) => each.policyName === policy)
    .map(({ message }) => `    ${plain(message)}`);
  const reasons = text.startsWith("failed") ? [...new Set(messages)] : [];
  return [`${policy}: ${text}`, ...reasons].join("\n");
}

/** Without the engine's colour tags, and on one line. */
function plain(message: string): string {
  return message
    .replace(/<\{%.*?%\}>/g, "")
    .trim()
    .replace(/\s*\n\s*/g, " ");
}

function ofPack<T extends { readonly policyPackName: string }>(event: T | undefined): T[] {
  return event !== undefined && event.policyPackName === packName ? [event] : [];
}

function readEvents(text: string): EngineEvent[] {
  const events = text
    .split("\n")
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== "")
    .map(({ line, number }) => readEvent(line, number));
  if (events.length > 0) return events;
  throw new EventStreamError(`the stream holds no event; ${remedy}`);
}

const remedy =
  "run pulumi preview --json with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true and keep its standard output alone";

function readEvent(line: string, number: number): EngineEvent {
  const parsed = eventSchema.safeParse(parseJson(line));
  if (parsed.success) return parsed.data;
  throw new EventStreamError(`line ${number} is no event of the engine; ${remedy}`);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
