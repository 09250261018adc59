import { canonicalJson } from "../components/lib/migration/canonical.ts";
import {
  type Desired,
  type DesiredClass,
  desiredHash,
} from "../components/lib/migration/desired.ts";
import { type Override, overrideSchema } from "../components/lib/migration/override.ts";
import type { PhaseName } from "../components/lib/migration/phases.ts";
import type { OverrideState } from "../components/lib/migration/status.ts";
import type { Weights } from "../components/lib/migration/task-class.ts";
import { readJson } from "./read-json.ts";
import { allShares, isOpen, sharesFault } from "./shares.ts";
import { recordName, type StoredRecord } from "./stored-record.ts";

/** The override as it was found in the cluster. */
export type FoundOverride =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly fault: string }
  | { readonly kind: "read"; readonly override: Override };

export interface EffectiveClass {
  readonly desired: DesiredClass;
  /** `null` where the shares were set by hand. */
  readonly phase: PhaseName | null;
  /** Of every backend. */
  readonly weights: Weights;
  /** Whether an override says so, not the stack. */
  readonly overridden: boolean;
}

export interface EffectiveRoutes {
  readonly classes: readonly EffectiveClass[];
  readonly override: OverrideState;
}

/** @param text of the override's object; `undefined` where there is no such object */
export function foundOverride(text: string | undefined): FoundOverride {
  if (text === undefined) return { kind: "absent" };
  const read = readJson(text, overrideSchema);
  return read.ok
    ? { kind: "read", override: read.value }
    : { kind: "unreadable", fault: read.fault };
}

/** The shares that count now. A void override counts as none, and the state says why. */
export function effectiveRoutes(
  desired: Desired,
  found: FoundOverride,
  records: readonly StoredRecord[],
): EffectiveRoutes {
  const state = overrideState(desired, found, records);
  const overridden =
    state.state === "in-force" && found.kind === "read" ? found.override.classes : {};
  return {
    override: state,
    classes: desired.classes.map((one) => {
      const own = overridden[one.name];
      return own === undefined
        ? {
            desired: one,
            phase: one.phase,
            weights: allShares(one, one.phases[one.phase] ?? {}),
            overridden: false,
          }
        : {
            desired: one,
            phase: own.phase,
            weights: allShares(one, own.weights),
            overridden: true,
          };
    }),
  };
}

function overrideState(
  desired: Desired,
  found: FoundOverride,
  records: readonly StoredRecord[],
): OverrideState {
  switch (found.kind) {
    case "absent":
      return { state: "none", record: null };
    case "unreadable":
      return { state: "void", record: null, reason: `it cannot be read: ${found.fault}` };
    case "read": {
      const { record, classes } = found.override;
      const reason = voidReason(desired, found.override, records);
      if (reason !== undefined) return { state: "void", record, reason };
      const empty = Object.keys(classes).length === 0;
      return { state: empty ? "none" : "in-force", record };
    }
    default:
      found satisfies never;
      throw new Error("unreachable");
  }
}

/** Why an override does not count; `undefined` where it does. */
function voidReason(
  desired: Desired,
  override: Override,
  records: readonly StoredRecord[],
): string | undefined {
  const hash = desiredHash(desired);
  if (override.desiredHash !== hash) {
    return (
      `the stack changed since: it was made against desired routes ${override.desiredHash.slice(0, 12)}, ` +
      `now there are ${hash.slice(0, 12)}`
    );
  }
  return recordReason(override, records) ?? contentReason(desired, override);
}

/** An override without its record was made by nobody that can be named. */
function recordReason(
  { record: { sequence, hash }, desiredHash: against, classes }: Override,
  records: readonly StoredRecord[],
): string | undefined {
  const name = recordName(sequence);
  const found = records.find((one) => one.name === name);
  if (found === undefined) return `its record ${name} does not exist`;
  const { record } = found;
  if (record === undefined) return `its record ${name} cannot be read`;
  if (found.hash !== hash) return `its record ${name} has another content than it names`;
  if (record.user !== found.written.user)
    return `its record ${name} names a user that is not its author`;
  const same =
    record.desiredHash === against && canonicalJson(record.classes) === canonicalJson(classes);
  return same ? undefined : `it says something else than its record ${name}`;
}

function contentReason(desired: Desired, { classes }: Override): string | undefined {
  for (const [name, { weights }] of Object.entries(classes)) {
    const one = desired.classes.find((each) => each.name === name);
    if (one === undefined) return `it names class ${name}, which the stack does not have`;
    if (!isOpen(one))
      return `it names class ${name}, which is ${one.dataClass} and has static routes`;
    const fault = sharesFault(one, weights);
    if (fault !== undefined) return `class ${name}: ${fault}`;
  }
  return undefined;
}
