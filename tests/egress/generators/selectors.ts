import * as fc from "fast-check";
import type { LabelSelector, Labels, NamespacedPods, Requirement } from "../oracle/kubernetes.ts";

export const namespaceNames = ["a", "b", "c"] as const;
/** Most things lie in the first namespace, so that policies and pods meet. */
export const namespaceName = fc.constantFrom(
  "a" as const,
  "a" as const,
  "b" as const,
  "c" as const,
);

const nameLabel = "kubernetes.io/metadata.name";

interface Alphabet {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

const podAlphabet = { keys: ["app", "tier"], values: ["x", "y"] };
const namespaceAlphabet = { keys: ["env", nameLabel], values: [...namespaceNames, "x"] };

function labelsOf({ keys, values }: Alphabet): fc.Arbitrary<Labels> {
  return fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 2 });
}

function requirementOf({ keys, values }: Alphabet): fc.Arbitrary<Requirement> {
  const key = fc.constantFrom(...keys);
  return fc.oneof(
    fc.record({
      key,
      operator: fc.constantFrom("In" as const, "NotIn" as const),
      values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ key, operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const) }),
  );
}

function selectorOf(alphabet: Alphabet): fc.Arbitrary<LabelSelector> {
  const parts = {
    matchLabels: labelsOf(alphabet),
    matchExpressions: fc.array(requirementOf(alphabet), { maxLength: 2 }),
  };
  return fc.oneof(
    fc.constant({}),
    fc.record(parts, { requiredKeys: ["matchLabels"] }),
    fc.record(parts, { requiredKeys: ["matchExpressions"] }),
  );
}

export const podLabels = fc.record(
  { app: fc.constantFrom("x", "y"), tier: fc.constantFrom("x", "y") },
  { requiredKeys: [] },
);
export const podSelector = selectorOf(podAlphabet);
export const namespaceSelector = selectorOf(namespaceAlphabet);

/** Labels of a Namespace object; one that claims another namespace's name must not be believed. */
export const namespaceLabels = labelsOf(namespaceAlphabet);

export const namespacedPods: fc.Arbitrary<NamespacedPods> = fc.record({
  namespaceSelector,
  podSelector,
});
