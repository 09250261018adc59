import { setTimeout as sleep } from "node:timers/promises";
import { at, isArray, type Value } from "../policies/model/value.ts";
import { isAdmission, refusedBy } from "./admission.ts";
import type { Answer, KubeClient } from "./api/client.ts";
import { conflictsOf, failure } from "./api/failure.ts";
import { asValue } from "./api/kinds.ts";
import { applyObject, type LiveObject, liveObject, readObject } from "./api/objects.ts";
import { changed } from "./changes.ts";
import { DeployError, throwIfInterrupted } from "./errors.ts";
import { named } from "./inventory.ts";
import type { Placed } from "./preflight.ts";
import type { WireObject } from "./wire.ts";

/** An object ready to be sent. */
export interface Sendable extends Placed {
  readonly wire: WireObject;
}

export type Outcome = "created" | "changed" | "unchanged";

export interface ApplyContext {
  readonly client: KubeClient;
  readonly forceConflicts: boolean;
  readonly signal: AbortSignal | undefined;
}

/** A node that just came back carries a taint of the node controller, which goes within seconds. */
const settleAttempts = 60;
const settleInterval = 500;

/**
 * Asks the server what applying the objects that exist would do, so that conflicts and refusals are
 * known, all of them, before the first change. What an admission policy refuses that this very run is
 * about to change or to remove is not refused yet.
 * @param leaving names of admission policies and bindings that this run removes
 * @returns the objects, with a newer look at those whose controllers had to settle first
 * @throws DeployError listing every refusal
 */
export async function rehearse(
  objects: readonly Sendable[],
  context: ApplyContext,
  leaving: readonly string[] = [],
): Promise<Sendable[]> {
  const faults: string[] = [];
  const rehearsed: Sendable[] = [];
  const outdated = new Set(leaving);
  for (const object of objects) {
    throwIfInterrupted(context.signal);
    if (object.live === undefined) {
      if (isAdmission(object.entry)) outdated.add(object.entry.name);
      rehearsed.push(object);
      continue;
    }
    const answer = await rehearseOne(object, context);
    if (isAdmission(object.entry) && isNewer(answer.body, object.live)) {
      outdated.add(object.entry.name);
    }
    const passing = refusedBy(answer.body).some((name) => outdated.has(name));
    if (answer.status >= 300 && !passing) faults.push(`  ${refusal(object, answer).message}`);
    rehearsed.push(object.entry.kind === "Node" ? await lookAgain(object, context) : object);
  }
  if (faults.length === 0) return rehearsed;
  throw new DeployError(`nothing was changed; the cluster would refuse\n${faults.join("\n")}`);
}

/** The server counts the changes of what an object is meant to be. */
function isNewer(answer: Value, { body }: LiveObject): boolean {
  return at(answer, "metadata", "generation") !== at(body, "metadata", "generation");
}

/** What the node controller did meanwhile is not a change of this run. */
async function lookAgain(object: Sendable, { client }: ApplyContext): Promise<Sendable> {
  return { ...object, live: await readObject(client, object.path, named(object.entry)) };
}

async function rehearseOne(
  object: Sendable,
  { client, forceConflicts, signal }: ApplyContext,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    throwIfInterrupted(signal);
    const options = { force: forceConflicts, dryRun: true };
    const answer = await applyObject(client, object.path, object.wire.main, options);
    const passing =
      object.entry.kind === "Node" && conflictsOf(answer.status, answer.body).length > 0;
    if (!passing || attempt === settleAttempts || !(await hasPassingTaint(object, client)))
      return answer;
    await sleep(settleInterval);
  }
}

async function hasPassingTaint({ path, entry }: Sendable, client: KubeClient): Promise<boolean> {
  const live = await readObject(client, path, named(entry));
  const taints = live === undefined ? undefined : at(live.body, "spec", "taints");
  return (
    isArray(taints) &&
    taints.some((taint) => {
      const key = at(taint, "key");
      return typeof key === "string" && key.startsWith("node.kubernetes.io/");
    })
  );
}

/** Applies one object. @throws DeployError with what the server said */
export async function apply(object: Sendable, context: ApplyContext): Promise<Outcome> {
  const { client, forceConflicts } = context;
  const options = { force: forceConflicts };
  const answer = await applyObject(client, object.path, object.wire.main, options);
  if (answer.status >= 300) throw refusal(object, answer);
  const after = liveObject(answer.body);
  const main = outcome(object.live, after, asValue(object.wire.main));
  if (object.wire.status === undefined) return main;
  const status = await applyObject(client, `${object.path}/status`, object.wire.status, options);
  if (status.status >= 300) throw refusal(object, status);
  const second = outcome(after, liveObject(status.body), asValue(object.wire.status));
  return main === "unchanged" ? second : main;
}

function outcome(before: LiveObject | undefined, after: LiveObject, applied: Value): Outcome {
  // An object that was deleted since the look has a new identity.
  if (before === undefined || before.uid !== after.uid) return "created";
  return changed(before, after, applied) ? "changed" : "unchanged";
}

function refusal({ entry }: Sendable, { status, body }: Answer): DeployError {
  const conflicts = conflictsOf(status, body);
  if (conflicts.length === 0) return failure(named(entry), status, body);
  const claims = conflicts.map(({ manager, field }) => `${field} is set by "${manager}"`);
  return new DeployError(
    `${named(entry)}: ${claims.join(", ")}; let that manager give the field up or take it out of the ` +
      "stack, or take it over with --force-conflicts",
    1,
  );
}
