import { type Desired, desiredHash } from "../components/lib/migration/desired.ts";
import {
  type Override,
  overrideSchema,
  recordHash,
  type TrafficRecord,
} from "../components/lib/migration/override.ts";
import { aimsOf } from "./aims.ts";
import type { Aim, ChangeRequest, LeftAlone } from "./change-request.ts";
import { refused } from "./change-request.ts";
import { type EffectiveRoutes, effectiveRoutes, type FoundOverride } from "./effective-routes.ts";
import { allShares } from "./shares.ts";
import { inOrder, lastSequence, type StoredRecord } from "./stored-record.ts";

/** The state of the cluster that a change starts from. */
export interface Situation {
  readonly desired: Desired;
  readonly override: FoundOverride;
  readonly records: readonly StoredRecord[];
}

export interface Authorship {
  /** As the API server authenticated them. */
  readonly user: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly reason: string;
  readonly gates: TrafficRecord["gates"];
}

export type PlannedChange =
  | {
      readonly kind: "change";
      readonly record: TrafficRecord;
      readonly override: Override;
      /** Classes that were meant by "all" and stay as they are. */
      readonly left: readonly LeftAlone[];
    }
  | { readonly kind: "nothing"; readonly text: string }
  | { readonly kind: "refused"; readonly text: string };

/** The record of a change and the override that it leads to, or why there is none. */
export function planChange(
  situation: Situation,
  request: ChangeRequest,
  authorship: Authorship,
): PlannedChange {
  const { desired, override, records } = situation;
  const fault = reasonFault(authorship.reason);
  if (fault !== undefined) return refused(fault);
  const found = aimsOf(desired, request);
  if (found.kind === "refused") return found;
  const now = effectiveRoutes(desired, override, records);
  const base =
    now.override.state !== "void" && override.kind === "read" ? override.override.classes : {};
  if (request.action === "clear" && now.override.state !== "void") {
    const cleared = found.aims.some((aim) => base[aim.class.name] !== undefined);
    if (!cleared) return { kind: "nothing", text: "these classes follow the stack already" };
  }
  const last = inOrder(records).at(-1);
  const sequence = (last?.sequence ?? 0) + 1;
  if (sequence > lastSequence) {
    return refused(`record ${lastSequence} is the last that has a name; see what made it`);
  }
  const record: TrafficRecord = {
    version: 1,
    sequence,
    previous: last?.hash ?? null,
    ...authorship,
    action: request.action,
    desiredHash: desiredHash(desired),
    classes: changed(base, found.aims),
    before: sharesNow(now, found.aims),
    after: sharesAfter(found.aims),
  };
  return { kind: "change", record, override: overrideOf(record), left: found.left };
}

/** The override that a record stands for. */
export function overrideOf(record: TrafficRecord): Override {
  const { version, desiredHash: against, classes, sequence } = record;
  const reference = { sequence, hash: recordHash(record) };
  return overrideSchema.parse({ version, desiredHash: against, classes, record: reference });
}

const longestReason = 500;

/** A reason is read on terminals, years later. */
function reasonFault(reason: string): string | undefined {
  if (reason.trim() === "") return "--reason is empty; say why in a few words";
  if (reason.length > longestReason) {
    return `--reason has ${reason.length} characters; say it in ${longestReason}`;
  }
  return /\p{Cc}/u.test(reason) ? "--reason holds control characters; write plain text" : undefined;
}

function changed(base: Override["classes"], aims: readonly Aim[]): Override["classes"] {
  const classes = new Map(Object.entries(base));
  for (const { class: one, shares } of aims) {
    if (shares === undefined) classes.delete(one.name);
    else classes.set(one.name, { phase: shares.phase, weights: { ...shares.weights } });
  }
  return Object.fromEntries(classes);
}

function sharesNow({ classes }: EffectiveRoutes, aims: readonly Aim[]) {
  const names = new Set(aims.map((aim) => aim.class.name));
  return Object.fromEntries(
    classes
      .filter(({ desired }) => names.has(desired.name))
      .map(({ desired, weights }) => [desired.name, { ...weights }]),
  );
}

function sharesAfter(aims: readonly Aim[]) {
  return Object.fromEntries(
    aims.map(({ class: one, shares }) => [
      one.name,
      allShares(one, shares?.weights ?? one.phases[one.phase]),
    ]),
  );
}
