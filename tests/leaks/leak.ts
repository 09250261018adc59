import type { Settings } from "../../policies/model/settings.ts";
import type { Change } from "./support/change.ts";

export type StackName = "dev" | "prod" | "staging" | "staging-cluster";

/**
 * Where a leak can be stopped first: before deployment by a policy, by the API server that refuses
 * the pod, by a packet alone, or nowhere that this product can see.
 */
export type Column = "policy" | "admission" | "probe" | "out-of-reach";

/** One way to make a leak: a change of a real stack, as a colleague or an attacker would make it. */
export interface Variant {
  /** Kebab-case, unique in its row. */
  readonly name: string;
  readonly title: string;
  readonly stack: StackName;
  readonly change: Change;
  /** A change of the stack file that the graph does not show. @default - none */
  readonly settings?: (settings: Settings) => Settings;
  /** The catalogue only warns of it, so a warning counts. @default - only what blocks counts */
  readonly advisory?: true;
  /** Why no API server of the tests can judge its objects. @default - one can */
  readonly unserved?: string;
}

/** One numbered path on which data leaves in spite of a default deny. Red once all variants are. */
export interface Leak {
  /** 1 to 56. */
  readonly row: number;
  readonly title: string;
  /** Rules of the catalogue that have to catch it; empty where no rule can. */
  readonly catchers: readonly string[];
  readonly column: Column;
  readonly variants: readonly Variant[];
}

/** "3/dns-anywhere". */
export function variantId(leak: Leak, variant: Variant): string {
  return `${leak.row}/${variant.name}`;
}
