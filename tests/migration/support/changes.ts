import type { Desired } from "../../../components/lib/migration/desired.ts";
import type { ChangeRequest } from "../../../migration/change-request.ts";
import { type PlannedChange, planChange, type Situation } from "../../../migration/plan-change.ts";
import { recordData, recordName, storedRecord } from "../../../migration/stored-record.ts";
import { desiredOf } from "./desired.ts";

export function situationOf(desired: Desired = desiredOf()): Situation {
  return { desired, override: { kind: "absent" }, records: [] };
}

export function plan(situation: Situation, request: ChangeRequest, reason = "a test") {
  const time = new Date(Date.UTC(2026, 0, 1, 0, situation.records.length)).toISOString();
  return planChange(situation, request, { user: "alice", time, reason, gates: null });
}

/** A plan that has to be a change. */
export function made(planned: PlannedChange): Extract<PlannedChange, { kind: "change" }> {
  if (planned.kind === "change") return planned;
  throw new Error(`${planned.kind}: ${planned.text}`);
}

/** A plan that has to be a refusal. */
export function refusal(planned: PlannedChange): string {
  if (planned.kind === "refused") return planned.text;
  throw new Error(planned.kind);
}

/** The situation after a change that was carried out. */
export function after(situation: Situation, planned: PlannedChange): Situation {
  const { record, override } = made(planned);
  const stored = storedRecord(recordName(record.sequence), recordData(record));
  return {
    desired: situation.desired,
    override: { kind: "read", override },
    records: [...situation.records, stored],
  };
}

/** The situation after some changes, one after the other. */
export function afterAll(situation: Situation, ...requests: readonly ChangeRequest[]): Situation {
  return requests.reduce((now, request) => after(now, plan(now, request)), situation);
}
