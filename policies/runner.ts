import type { Finding } from "./model/finding.ts";
import { graphOf } from "./model/graph.ts";
import { describe, type KubeObject, kubeObject } from "./model/kube-object.ts";
import type { Resource } from "./model/resource.ts";
import type { Graph, Rule, Violation } from "./model/rule.ts";
import type { Settings } from "./model/settings.ts";
import { rules as everyRule } from "./rules.ts";

/** What came of one rule. */
export interface RuleRun {
  readonly rule: Rule;
  readonly findings: number;
  /** Whether the rule ran to its end on everything; one that broke down has a finding that says so. */
  readonly completed: boolean;
}

export interface Evaluation {
  /** Sorted by policy, object and path; the same for every order of the graph. */
  readonly findings: readonly Finding[];
  /** Number of rules that exist. */
  readonly defined: number;
  /** Number of rules that ran to their end; smaller than `defined` only where a rule broke down. */
  readonly run: number;
  readonly byRule: readonly RuleRun[];
}

/** Runs the rules over the graph. Never throws: a rule that does becomes a mandatory finding. */
export function evaluate(
  graph: Graph,
  settings: Settings,
  rules: readonly Rule[] = everyRule,
): Evaluation {
  // Idempotent: a graph that was made by hand may still hold lists.
  const expanded = graphOf(graph.resources);
  const runs = rules.map((rule) => runRule(rule, expanded, settings));
  return {
    findings: runs.flatMap((run) => run.findings).toSorted(compareFindings),
    defined: rules.length,
    run: runs.filter((run) => run.completed).length,
    byRule: runs.map(({ rule, findings, completed }) => ({
      rule,
      findings: findings.length,
      completed,
    })),
  };
}

/** One rule over the whole graph. */
export function runRule(
  rule: Rule,
  graph: Graph,
  settings: Settings,
): { rule: Rule; findings: readonly Finding[]; completed: boolean } {
  const results =
    rule.level === "stack"
      ? [attempt(rule, () => rule.check(graph, settings))]
      : graph.objects.map((object) => attempt(rule, () => rule.check(object, settings), object));
  return {
    rule,
    findings: distinct(results.flatMap((result) => result.findings)),
    completed: results.every((result) => result.completed),
  };
}

function attempt(
  rule: Rule,
  check: () => readonly Violation[],
  object?: KubeObject,
): { findings: readonly Finding[]; completed: boolean } {
  try {
    return { findings: check().map((each) => finding(rule, each)), completed: true };
  } catch (error) {
    return { findings: [breakdown(rule, error, object)], completed: false };
  }
}

/** The finding for a violation; paths inside a list get the place of their item in front. */
export function finding(rule: Rule, { resource, path, problem, remedy }: Violation): Finding {
  const base = {
    policy: rule.id,
    name: rule.name,
    severity: rule.severity,
    enforcement: rule.enforcement,
    object: objectName(resource),
    urn: resource.urn,
    path: [resource.within, path].filter((part) => part).join("."),
    problem,
    remedy: remedy ?? rule.remedy,
  };
  return resource.source === undefined ? base : { ...base, source: resource.source };
}

function breakdown(rule: Rule, error: unknown, object: KubeObject | undefined): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    policy: rule.id,
    name: rule.name,
    severity: rule.severity,
    enforcement: "mandatory",
    object: object === undefined ? "the graph" : describe(object),
    urn: object?.resource.urn ?? "",
    path: "",
    problem: `the rule broke down (${reason}), so nothing is known`,
    remedy: "report this as a defect of the rule, with the object that caused it",
    broken: true,
    ...(object?.resource.source === undefined ? {} : { source: object.resource.source }),
  };
}

function objectName(resource: Resource): string {
  const object = kubeObject(resource);
  return object === undefined ? `${resource.type} ${resource.name}` : describe(object);
}

/** Order of a report: by policy, object, path, then whatever tells two findings apart. */
export function compareFindings(a: Finding, b: Finding): number {
  for (const key of ["policy", "object", "path", "problem", "urn"] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}

/** One unreadable place can be met on several ways through one object; it is one finding. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map(
    findings.map((each) => [[each.urn, each.object, each.path, each.problem].join("\n"), each]),
  );
  return [...seen.values()];
}
