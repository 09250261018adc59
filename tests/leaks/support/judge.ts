import type { Finding } from "../../../policies/model/finding.ts";
import { graphOf } from "../../../policies/model/graph.ts";
import { evaluate } from "../../../policies/runner.ts";
import { type Leak, type Variant, variantId } from "../leak.ts";
import type { RealStacks } from "./stacks.ts";

/** What the policies say of one variant. */
export interface Judged {
  readonly leak: Leak;
  readonly id: string;
  /** Ids of rules with a finding that counts, sorted; the unchanged stack has none. */
  readonly caughtBy: readonly string[];
  /** Rules that broke down, which is no catch but a defect. */
  readonly broken: readonly string[];
}

export function judgeAll(leaks: readonly Leak[], stacks: RealStacks): readonly Judged[] {
  return leaks.flatMap((leak) => leak.variants.map((variant) => judge(leak, variant, stacks)));
}

function judge(leak: Leak, variant: Variant, stacks: RealStacks): Judged {
  const { graph, settings } = stacks[variant.stack];
  const changed = variant.change(graph);
  const { findings, byRule } = evaluate(
    graphOf(changed),
    variant.settings === undefined ? settings : variant.settings(settings),
  );
  const broken = byRule.filter((run) => !run.completed).map((run) => run.rule.id);
  const counted = findings.filter((found) => counts(found, variant));
  return {
    leak,
    id: variantId(leak, variant),
    caughtBy: [...new Set(counted.map((found) => found.policy))]
      .filter((policy) => !broken.includes(policy))
      .toSorted(),
    broken,
  };
}

function counts(found: Finding, variant: Variant): boolean {
  return found.enforcement === "mandatory" || variant.advisory === true;
}

/** Whether the rules find every variant of a leak; one that has none is beyond them. */
export function isRed(leak: Leak, judged: readonly Judged[]): boolean {
  const own = judged.filter((each) => each.leak === leak);
  return own.length > 0 && own.every((each) => each.caughtBy.length > 0);
}
