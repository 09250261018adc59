import type { KubeObject } from "./kube-object.ts";
import type { Resource } from "./resource.ts";
import type { Settings } from "./settings.ts";

export type Severity = "low" | "medium" | "high" | "critical";
export type Enforcement = "advisory" | "mandatory";

/** Pointers into regulations and hardening guides, for the evidence report; not legal advice. */
export interface Mapping {
  /** Articles of Regulation (EU) 2016/679. */
  readonly gdpr?: readonly string[];
  /** Sections of 45 CFR 164. */
  readonly hipaa?: readonly string[];
  /** CIS Kubernetes Benchmark v1.10 ids. */
  readonly cis?: readonly string[];
  /** Chapter of the NSA/CISA Kubernetes Hardening Guide v1.2. */
  readonly nsa?: readonly ("Pod" | "Net" | "Auth" | "Log")[];
}

interface RuleFacts {
  /** Id in the catalogue, such as "E04". */
  readonly id: string;
  /** Kebab-case name, unique in the pack. */
  readonly name: string;
  /** What must hold, in one sentence. */
  readonly description: string;
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  readonly mapping: Mapping;
  /** What to do about a violation where the violation itself names no closer remedy. */
  readonly remedy: string;
}

/** What a rule finds wrong. The runner adds policy, resource and source. */
export interface Violation {
  readonly resource: Resource;
  /** Dotted path inside the resource, such as `spec.template.spec.containers[0].image`. */
  readonly path: string;
  /** Field, value and reason; never the value of a secret. */
  readonly problem: string;
  readonly remedy?: string;
}

/** Decidable on one object alone; the engine asks it before the object is created. */
export interface ResourceRule extends RuleFacts {
  readonly level: "resource";
  readonly check: (object: KubeObject, settings: Settings) => readonly Violation[];
}

/** Needs the whole graph. */
export interface StackRule extends RuleFacts {
  readonly level: "stack";
  readonly check: (graph: Graph, settings: Settings) => readonly Violation[];
}

export type Rule = ResourceRule | StackRule;

/** The resource graph, read once; `objects` are its Kubernetes objects in the same order. */
export interface Graph {
  readonly resources: readonly Resource[];
  readonly objects: readonly KubeObject[];
}
