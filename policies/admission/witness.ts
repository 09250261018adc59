import { createHash } from "node:crypto";
import type { AdmissionEntry } from "../../components/lib/admission-objects.ts";
import type { Scope } from "./scope.ts";
import { resourceRule, type Target } from "./target.ts";

/** Annotation of the policy that answers for the others; its value is their fingerprint. */
export const fingerprintAnnotation = "private-llm/admission-fingerprint";

/** Name of the ConfigMap that nobody can make while the policies are in force. */
export const probeName = "private-llm-admission-probe";

/**
 * Says that admission is in force, and which: the API server takes policies up a moment after they were
 * written. Asking to create the probe (as a dry run) is refused with the fingerprint as soon as it did. Its name sorts last, so that it is written last.
 */
export function witness(scope: Scope, print: string): Target {
  const [namespace] = scope.inference;
  return {
    name: "witness",
    namespaces: namespace === undefined ? [] : [namespace],
    resourceRules: [resourceRule({ group: "", resources: ["configmaps"] }, ["CREATE"])],
    conditions: [{ name: "is-the-probe", expression: `request.name == "${probeName}"` }],
    checks: [
      {
        rule: "C04",
        holds: "false",
        problem: `finds the admission policies ${print} in force`,
        remedy: "none is needed; this object exists only to be refused",
      },
    ],
  };
}

/** The same for the same policies, whatever the order of their fields. */
export function fingerprint(entries: readonly AdmissionEntry[]): string {
  const content = JSON.stringify(
    entries.map(({ policy, binding }) => [policy, binding]),
    sorted,
  );
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
