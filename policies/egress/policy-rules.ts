import { namespaceName } from "../../components/lib/labels.ts";
import { inInference } from "../kubernetes/scope.ts";
import type { Settings } from "../model/settings.ts";
import type { Analysis } from "./analyze.ts";
import type { Selector } from "./read/labels.ts";
import type { NetworkPolicy } from "./read/network-policy.ts";
import type { Direction, Rule } from "./read/network-policy-rule.ts";

export interface PolicyRule {
  readonly policy: NetworkPolicy;
  readonly rule: Rule;
}

/** The readable rules of every NetworkPolicy in an inference namespace; E01 refuses the others. */
export function inferenceRules(
  analysis: Analysis,
  settings: Settings,
  direction: Direction,
): readonly PolicyRule[] {
  return analysis.policies
    .filter(({ object }) => inInference(object, settings))
    .flatMap((policy) => {
      const half = direction === "Egress" ? policy.egress : policy.ingress;
      return half.kind === "rules" ? half.rules.map((rule) => ({ policy, rule })) : [];
    });
}

/**
 * Namespaces that a selector can find, by the one label that nobody can give to a namespace of his own;
 * `undefined` where it asks for none.
 */
export function namedNamespaces({ requirements }: Selector): readonly string[] | undefined {
  const named = requirements.filter(
    ({ key, operator }) => key === namespaceName && operator === "In",
  );
  return named.length === 0 ? undefined : named.flatMap(({ values }) => [...values]);
}
