import type { Digest } from "../components/lib/images.ts";
import type { Subject } from "./subjects.ts";

/** What was read for a name, in the shape the lock keeps. */
export type Resolved =
  | { readonly kind: "images" | "charts"; readonly key: string; readonly digest: Digest }
  | { readonly kind: "models"; readonly key: string; readonly revision: string };

export interface Failure {
  readonly subject: Subject;
  readonly reason: string;
  readonly remedy: string;
}

export interface Outcomes {
  readonly resolved: readonly Resolved[];
  readonly failures: readonly Failure[];
}
