import type { PolicyException } from "../../components/lib/stack/policies.ts";
import type { Finding } from "../model/finding.ts";

/** A finding that somebody answers for: no violation, and shown in every report all the same. */
export interface ExceptedFinding extends Finding {
  readonly exception: Pick<PolicyException, "reason" | "owner" | "expires">;
}

export interface Applied {
  readonly findings: readonly Finding[];
  readonly excepted: readonly ExceptedFinding[];
  /** The exceptions that cover at least one finding. */
  readonly used: ReadonlySet<PolicyException>;
}

/**
 * What no exception covers: nobody can accept what nobody has seen. Through this rule the mechanism
 * itself stays out of reach as well, since it reports its own faults under it.
 */
export const neverExcepted = "C01";

/**
 * Takes out of the findings what the exceptions of a stack cover.
 * @param today day as `2026-12-31`
 */
export function applyExceptions(
  findings: readonly Finding[],
  exceptions: readonly PolicyException[],
  today: string,
): Applied {
  const inForce = exceptions.filter((exception) => !isExpired(exception, today));
  const remaining: Finding[] = [];
  const excepted: ExceptedFinding[] = [];
  const used = new Set<PolicyException>();
  for (const finding of findings) {
    const covering = inForce.filter((exception) => covers(exception, finding));
    for (const exception of covering) used.add(exception);
    const [first] = covering;
    if (first === undefined) remaining.push(finding);
    else {
      const { reason, owner, expires } = first;
      excepted.push({ ...finding, exception: { reason, owner, expires } });
    }
  }
  return { findings: remaining, excepted, used };
}

/** An exception holds to the end of its last day. */
export function isExpired({ expires }: PolicyException, today: string): boolean {
  return today > expires;
}

function covers({ policy, object, path }: PolicyException, finding: Finding): boolean {
  return (
    policy !== neverExcepted &&
    policy === finding.policy &&
    finding.broken !== true &&
    isNamed(finding.object) &&
    object === finding.object &&
    (path === undefined || path === finding.path)
  );
}

/** Whoever cannot tell which object it is cannot accept what it does. */
function isNamed(object: string): boolean {
  return !object.includes("(unknown)");
}
