import type { PolicyException } from "../../components/lib/stack/policies.ts";
import type { Finding } from "../model/finding.ts";
import type { Rule } from "../model/rule.ts";
import { noUnknownValues } from "../rules/cross-cutting/no-unknown-values.ts";
import { isExpired, neverExcepted } from "./apply.ts";

/** An exception that covers nothing; a warning, since the findings say what is wrong. */
export interface UnusedException {
  /** Key in the stack file, such as `private-llm:policies.exceptions[0]`. */
  readonly place: string;
  readonly policy: string;
  readonly object: string;
  readonly why: string;
}

/**
 * The violations that expired exceptions are. The rule on unknown values speaks for them: it is
 * mandatory, and nothing excepts it.
 */
export function expiredExceptions(
  exceptions: readonly PolicyException[],
  today: string,
): readonly Finding[] {
  const { id, name, severity } = noUnknownValues;
  return exceptions.flatMap((exception, index) => {
    if (!isExpired(exception, today)) return [];
    const { policy, object, owner, expires } = exception;
    return [
      {
        policy: id,
        name,
        severity,
        enforcement: "mandatory" as const,
        object: "the stack file",
        urn: "",
        path: `${placeOf(index)}.expires`,
        problem: `the exception of ${policy} for ${object} ended on ${expires}, so it excepts nothing`,
        remedy: `remove the exception and mend the object, or let ${owner} decide again and write a new date`,
      },
    ];
  });
}

/** The exceptions in force that cover no finding. */
export function unusedExceptions(
  exceptions: readonly PolicyException[],
  used: ReadonlySet<PolicyException>,
  today: string,
  rules: readonly Pick<Rule, "id">[],
): readonly UnusedException[] {
  const known = new Set(rules.map(({ id }) => id));
  return exceptions.flatMap((exception, index) => {
    if (used.has(exception) || isExpired(exception, today)) return [];
    const { policy, object } = exception;
    return [{ place: placeOf(index), policy, object, why: whyUnused(policy, known) }];
  });
}

function whyUnused(policy: string, known: ReadonlySet<string>): string {
  if (policy === neverExcepted) return `${policy} has no exceptions; remove it`;
  if (!known.has(policy)) return `there is no policy ${policy}; correct the id or remove it`;
  return "covers no finding; remove it, or correct object and path as the finding writes them";
}

function placeOf(index: number): string {
  return `private-llm:policies.exceptions[${index}]`;
}
