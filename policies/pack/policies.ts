import type {
  Policy,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { applyExceptions, neverExcepted } from "../exceptions/apply.ts";
import { expiredExceptions } from "../exceptions/faults.ts";
import { exceptedMessage, findingMessage, policyName } from "../message.ts";
import { graphOf } from "../model/graph.ts";
import type { Resource } from "../model/resource.ts";
import type { Graph, Mapping, ResourceRule, Rule, StackRule } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { compareFindings, runRule } from "../runner.ts";
import type { LoadedSettings } from "../settings/stack-file.ts";
import { keptGraph } from "./kept-graph.ts";
import { resourceOf, stackResourceOf } from "./resources.ts";

/** The rule that speaks where the stack's own settings cannot be read, or are out of date. */
const settingsRule = neverExcepted;

/** What the pack cannot know by itself. */
export interface PackEdge {
  /** Day as `2026-12-31`. */
  readonly today: string;
  /** Shows a line to whoever runs the engine; no violation. */
  readonly tell: (line: string) => void;
  /** Settings of the stack that a URN belongs to. */
  readonly settingsOf: (urn: string) => LoadedSettings;
}

/** The rules as policies of the engine. */
export function policiesOf(
  rules: readonly Rule[],
  edge: PackEdge,
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const context = { ...edge, load: settingsOnce(edge.settingsOf), graphFor: keptGraph() };
  return rules.map((rule) =>
    rule.level === "resource" ? resourcePolicy(rule, context) : stackPolicy(rule, context),
  );
}

interface Context extends PackEdge {
  readonly load: (resources: readonly Resource[]) => LoadedSettings;
  readonly graphFor: (resources: readonly Resource[]) => Graph;
}

function resourcePolicy(rule: ResourceRule, context: Context): ResourceValidationPolicy {
  return {
    ...facts(rule),
    validateResource: (args, report) => {
      const resource = resourceOf(args);
      const { settings } = context.load([resource]);
      reportFindings(rule, graphOf([resource]), settings, report, context);
    },
  };
}

/**
 * Plain `validateStack`: a typed validator is skipped where the stack holds no such resource, which is
 * the worst case.
 */
function stackPolicy(rule: StackRule, context: Context): StackValidationPolicy {
  return {
    ...facts(rule),
    validateStack: (args, report) => {
      const resources = args.resources.map(stackResourceOf);
      const { settings, fault } = context.load(resources);
      if (fault !== undefined && rule.id === settingsRule) {
        report(
          `settings of the rules: ${fault}. Remedy: write the stack file as docs/configuration.md describes; until then the strictest settings hold`,
        );
      }
      reportFindings(rule, context.graphFor(resources), settings, report, context);
    },
  };
}

function reportFindings(
  rule: Rule,
  graph: Graph,
  settings: Settings,
  report: ReportViolation,
  { today, tell }: PackEdge,
): void {
  const { exceptions } = settings.policies;
  const run = runRule(rule, graph, settings);
  const { findings, excepted } = applyExceptions(run.findings, exceptions, today);
  for (const each of excepted) tell(`${policyName(rule)}: ${exceptedMessage(each)}`);
  const expired = rule.id === settingsRule ? expiredExceptions(exceptions, today) : [];
  for (const each of [...findings, ...expired].toSorted(compareFindings)) {
    report(findingMessage(each), each.urn === "" ? undefined : each.urn);
  }
}

/** One process serves one stack, so its file is read once. */
function settingsOnce(settingsOf: PackEdge["settingsOf"]): Context["load"] {
  const loaded = new Map<string, LoadedSettings>();
  return (resources) => {
    const urn = resources[0]?.urn ?? "";
    const stack = urn.split("::", 1)[0] ?? "";
    const settings = loaded.get(stack) ?? settingsOf(urn);
    loaded.set(stack, settings);
    return settings;
  };
}

function facts(rule: Rule): Policy {
  return {
    name: policyName(rule),
    displayName: policyName(rule),
    description: rule.description,
    enforcementLevel: rule.enforcement,
    severity: rule.severity,
    remediationSteps: rule.remedy,
    tags: [rule.id, ...mappingTags(rule.mapping)],
  };
}

function mappingTags({ gdpr = [], hipaa = [], cis = [], nsa = [] }: Mapping): string[] {
  return [
    ...gdpr.map((article) => `GDPR ${article}`),
    ...hipaa.map((section) => `HIPAA ${section}`),
    ...cis.map((id) => `CIS Kubernetes 1.10 ${id}`),
    ...nsa.map((chapter) => `NSA Kubernetes 1.2 ${chapter}`),
  ];
}
