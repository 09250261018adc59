import { setTimeout as sleep } from "node:timers/promises";
import { DeployError } from "../../deploy/errors.ts";
import type { ChangeRequest } from "../../migration/change-request.ts";
import { type PlannedChange, planChange, type Situation } from "../../migration/plan-change.ts";
import { inOrder } from "../../migration/stored-record.ts";
import {
  authenticatedUser,
  createRecord,
  type GatewayObjects,
  readSituation,
  writeOverride,
} from "./objects.ts";

/** How often somebody else may come first. */
const attempts = 8;
/** Between a record and its override lie milliseconds; longer means that its writer died between them, ms. */
const courtesy = 300;

/** Writes the record of a change, then the override; starts over where somebody else came first. */
export async function applyChange(
  objects: GatewayObjects,
  request: ChangeRequest,
  reason: string,
  now: () => Date,
): Promise<PlannedChange> {
  const user = await authenticatedUser(objects);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const situation = await settled(objects);
    const time = now().toISOString();
    const plan = planChange(situation, request, { user, time, reason, gates: null });
    if (plan.kind !== "change") return plan;
    if (!(await createRecord(objects, plan.record))) continue;
    if (await writeOverride(objects, plan.override, situation.resourceVersion)) return plan;
  }
  throw new DeployError(
    `nothing is in force: others changed the traffic ${attempts} times meanwhile; look at traffic history, then try again`,
    1,
  );
}

/** The situation once nobody is between the two writes of a change. */
async function settled(objects: GatewayObjects) {
  const situation = await readSituation(objects);
  if (!isBetween(situation)) return situation;
  await sleep(courtesy);
  return readSituation(objects);
}

function isBetween({ override, records }: Situation): boolean {
  const last = inOrder(records).at(-1)?.sequence ?? 0;
  return last > (override.kind === "read" ? override.override.record.sequence : 0);
}
