import type { Field } from "../model/field.ts";

/** A place that opens more of an engine than it should, and why. */
export interface RouteFault {
  readonly field: Field;
  readonly problem: string;
}
