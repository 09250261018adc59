import type { DesiredClass } from "../components/lib/migration/desired.ts";
import type { PhaseName } from "../components/lib/migration/phases.ts";
import type { Weights } from "../components/lib/migration/task-class.ts";

/** What a person asks of the traffic. */
export type ChangeRequest =
  | { readonly action: "set"; readonly class: string; readonly weights: Weights }
  /** Without classes it means all that can change at run time. */
  | { readonly action: "promote"; readonly phase: string; readonly classes: readonly string[] }
  | { readonly action: "rollback"; readonly classes: readonly string[] | "all" }
  /** Back to what the stack says; without classes for all of them. */
  | { readonly action: "clear"; readonly classes: readonly string[] };

/** What is to become of one class; without shares it follows the stack again. */
export interface Aim {
  readonly class: DesiredClass;
  readonly shares: { readonly phase: PhaseName | null; readonly weights: Weights } | undefined;
}

/** A class that the change passes over, and why. */
export interface LeftAlone {
  readonly class: string;
  readonly reason: string;
}

export type Aims =
  | { readonly kind: "aims"; readonly aims: readonly Aim[]; readonly left: readonly LeftAlone[] }
  | { readonly kind: "refused"; readonly text: string };

export function refused(text: string): { readonly kind: "refused"; readonly text: string } {
  return { kind: "refused", text };
}
