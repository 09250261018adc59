import type { PlannedObject } from "../offline/render/plan.ts";
import type { Progress } from "../tools/cluster/progress.ts";
import { isAdmission, waitUntilInForce, witnessOf } from "./admission.ts";
import type { KubeClient } from "./api/client.ts";
import { apply, type Outcome, rehearse, type Sendable } from "./apply.ts";
import { DeployError, throwIfInterrupted } from "./errors.ts";
import { type InventoryEntry, named, readInventory, union, writeInventory } from "./inventory.ts";
import { preflight } from "./preflight.ts";
import { decidePrune, listed, type PruneDecision } from "./prune/decide.ts";
import { removeObjects } from "./prune/remove.ts";
import type { RandomSpec } from "./random/generate.ts";
import { resolveRandom, writeStore } from "./random/values.ts";
import { redactor, secretsOf } from "./redact.ts";
import { type Observed, waitUntilReady } from "./wait/wait.ts";
import { wireObject } from "./wire.ts";

export interface DeployOptions {
  readonly client: KubeClient;
  readonly stack: string;
  /** In apply order. */
  readonly planned: readonly PlannedObject[];
  /** Random values by resource name. */
  readonly random: ReadonlyMap<string, RandomSpec>;
  readonly timeoutSeconds: number;
  /** Delete what holds data without asking. */
  readonly yes: boolean;
  /** Asks a person; `undefined` where there is none. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly forceConflicts: boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

export interface DeployResult {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly pruned: number;
  /** Every object of the stack as it was last seen, in apply order. */
  readonly objects: readonly Observed[];
}

/**
 * Brings a cluster to the state of a stack by server-side apply: looks first, decides everything that
 * needs a decision, then applies, prunes and waits. Ended anywhere, the next call completes the work.
 * @throws DeployError, UnreachableError, InterruptedError; their messages never hold a secret value
 */
export async function deployStack(options: DeployOptions): Promise<DeployResult> {
  const { client, stack, planned, progress } = options;
  progress.tick(`looking at ${planned.length} objects on ${client.server}`);
  const placed = await preflight(client, stack, planned);
  const wanted = placed.map(({ entry }) => entry);
  const before = (await readInventory(client, stack)) ?? [];
  const decision = decidePrune(before, wanted);
  const random = await resolveRandom(client, stack, planned, options.random);
  const redact = redactor(secretsOf(planned, random.values));
  try {
    const valueOf = (name: string) => random.values.get(name) ?? "";
    const objects = placed.map((one) => ({
      ...one,
      wire: wireObject(one.object, stack, one.served.namespaced, valueOf),
    }));
    const context = { client, forceConflicts: options.forceConflicts, signal: options.signal };
    const leaving = decision.remove.filter(isAdmission);
    const names = leaving.map(({ name }) => name);
    const rehearsed = await rehearse(objects, context, names);
    await consent(decision, options);
    await writeInventory(client, stack, union(before, wanted));
    await writeStore(client, stack, random.kept);
    const { left, ...outcomes } = await applyAll(rehearsed, leaving, options);
    const others = decision.remove.filter((entry) => !isAdmission(entry));
    const pruned = await removeObjects(others, { ...options, signal: options.signal });
    await writeInventory(client, stack, wanted);
    return {
      ...outcomes,
      pruned: left + pruned,
      objects: await waitUntilReady(placed, { ...options, signal: options.signal }),
    };
  } catch (error) {
    if (error instanceof Error) error.message = redact(error.message);
    throw error;
  }
}

/** Before the first change: what holds data is deleted with somebody's word only. */
async function consent(
  decision: PruneDecision,
  { yes, confirm, stack }: DeployOptions,
): Promise<void> {
  if (decision.ask.length === 0 || yes) return;
  const items = `stack ${stack} no longer has these, and deleting them loses something\n${listed(decision.ask)}`;
  if (confirm === undefined) {
    throw new DeployError(
      `nothing was changed; ${items}\nadd them to the stack again, or delete them with --yes`,
    );
  }
  if (await confirm(`${items}\nDelete them?`)) return;
  throw new DeployError("nothing was changed: deletion declined", 1);
}

/** @returns counts, and how many of `leaving` were deleted */
async function applyAll(
  objects: readonly Sendable[],
  leaving: readonly InventoryEntry[],
  options: DeployOptions,
) {
  const { client, forceConflicts, progress, signal } = options;
  const counts: Record<Outcome, number> = { created: 0, changed: 0, unchanged: 0 };
  const definitions = objects.filter(({ entry }) => entry.kind === "CustomResourceDefinition");
  const admitted = objects.findLastIndex(({ entry }) => isAdmission(entry)) + 1;
  let left = 0;
  for (const [index, object] of objects.entries()) {
    throwIfInterrupted(signal);
    if (index === definitions.length && index > 0) {
      await waitUntilReady(definitions, { ...options, signal });
    }
    if (index === admitted) left = await settleAdmission(objects, leaving, options);
    const outcome = await apply(object, { client, forceConflicts, signal });
    counts[outcome]++;
    if (outcome === "unchanged") progress.tick(`${index + 1} of ${objects.length} applied`);
    else progress.step(`${outcome} ${named(object.entry)} (${index + 1} of ${objects.length})`);
  }
  if (admitted === objects.length) left = await settleAdmission(objects, leaving, options);
  return { ...counts, left };
}

/** What is left over of earlier admission policies may refuse what follows, so it goes at once. */
async function settleAdmission(
  objects: readonly Sendable[],
  leaving: readonly InventoryEntry[],
  options: DeployOptions,
): Promise<number> {
  const left = await removeObjects(leaving, { ...options, signal: options.signal });
  const witness = witnessOf(objects.map(({ object }) => object));
  if (witness !== undefined) {
    await waitUntilInForce(witness, { ...options, signal: options.signal });
  }
  return left;
}
