import type {
  Policy,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { findingMessage, policyName } from "../message.ts";
import { graphOf } from "../model/graph.ts";
import type { Resource } from "../model/resource.ts";
import type { Mapping, ResourceRule, Rule, StackRule } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { runRule } from "../runner.ts";
import { type LoadedSettings, settingsOfUrn } from "../settings/stack-file.ts";
import { resourceOf, stackResourceOf } from "./resources.ts";

/** The rule that speaks where the stack's own settings cannot be read. */
const settingsRule = "C01";

/** The rules as policies of the engine. */
export function policiesOf(
  rules: readonly Rule[],
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const load = settingsOnce();
  return rules.map((rule) =>
    rule.level === "resource" ? resourcePolicy(rule, load) : stackPolicy(rule, load),
  );
}

type Load = (resources: readonly Resource[]) => LoadedSettings;

function resourcePolicy(rule: ResourceRule, load: Load): ResourceValidationPolicy {
  return {
    ...facts(rule),
    validateResource: (args, report) => {
      const resource = resourceOf(args);
      reportFindings(rule, [resource], load([resource]).settings, report);
    },
  };
}

/**
 * Plain `validateStack`: a typed validator is skipped where the stack holds no such resource, which is
 * the worst case. The graph is read anew for each rule: that costs a millisecond beside the SDK's own
 * copy of every resource, and a kept graph could be that of another preview.
 */
function stackPolicy(rule: StackRule, load: Load): StackValidationPolicy {
  return {
    ...facts(rule),
    validateStack: (args, report) => {
      const resources = args.resources.map(stackResourceOf);
      const { settings, fault } = load(resources);
      if (fault !== undefined && rule.id === settingsRule) {
        report(
          `settings of the rules: ${fault}. Remedy: write the stack file as docs/configuration.md describes; until then the strictest settings hold`,
        );
      }
      reportFindings(rule, resources, settings, report);
    },
  };
}

function reportFindings(
  rule: Rule,
  resources: readonly Resource[],
  settings: Settings,
  report: ReportViolation,
): void {
  const { findings } = runRule(rule, graphOf(resources), settings);
  for (const each of findings) {
    report(findingMessage(each), each.urn === "" ? undefined : each.urn);
  }
}

/** One process serves one stack, so its file is read once. */
function settingsOnce(): Load {
  const loaded = new Map<string, LoadedSettings>();
  return (resources) => {
    const urn = resources[0]?.urn ?? "";
    const stack = urn.split("::", 1)[0] ?? "";
    const settings = loaded.get(stack) ?? settingsOfUrn(urn);
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
