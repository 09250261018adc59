import type { Source } from "./resource.ts";
import type { Enforcement, Severity } from "./rule.ts";

/** One violation, complete for every report format. Plain JSON. */
export interface Finding {
  /** Rule id, such as "E04". */
  readonly policy: string;
  /** Rule name, such as "default-deny". */
  readonly name: string;
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  /** "NetworkPolicy inference/allow-all". */
  readonly object: string;
  readonly urn: string;
  readonly path: string;
  readonly problem: string;
  readonly remedy: string;
  readonly source?: Source;
  /** The rule broke down here, so what it would have found is not known. */
  readonly broken?: true;
}
