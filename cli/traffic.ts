import { setTimeout as sleep } from "node:timers/promises";
import { inOrder } from "../migration/stored-record.ts";
import { verifyChain } from "../migration/verify-chain.ts";
import { deploymentEnding, interruption } from "./support/deployment.ts";
import { liveGateway } from "./support/gateway.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { type TrafficCall, trafficCall, usage } from "./traffic/arguments.ts";
import { applyChange } from "./traffic/change.ts";
import { historyText } from "./traffic/history-report.ts";
import {
  type GatewayObjects,
  readDesiredRoutes,
  readOverride,
  readRecords,
  readStatus,
} from "./traffic/objects.ts";
import { complaints, statusText } from "./traffic/status-report.ts";
import { plain, sharesText } from "./traffic/text.ts";
import { waitForReplicas } from "./traffic/wait.ts";

type Call<V extends TrafficCall["verb"]> = Extract<TrafficCall, { verb: V }>;

async function main(): Promise<number> {
  const { call, place } = trafficCall(process.argv.slice(2));
  if (call.verb === "help") return said(`${usage}\n`);
  const signal = interruption();
  const objects = await liveGateway(place);
  switch (call.verb) {
    case "status":
      return showStatus(objects, place.stack, call, signal);
    case "history":
      return showHistory(objects, call);
    case "change":
      return change(objects, call, signal);
    default:
      call satisfies never;
      throw new Error("unreachable");
  }
}

function said(text: string, code = 0): number {
  process.stdout.write(text);
  return code;
}

async function showStatus(
  objects: GatewayObjects,
  stack: string,
  { watch, json }: Call<"status">,
  signal: AbortSignal,
): Promise<number> {
  let last = "";
  for (;;) {
    const desired = await readDesiredRoutes(objects);
    const status = await readStatus(objects);
    const report = { stack, desired, status, now: new Date() };
    const wrong = complaints(report);
    const text = json
      ? `${JSON.stringify({ stack, desired, status: status ?? null, complaints: wrong })}\n`
      : statusText(report);
    if (text !== last) said(text);
    last = text;
    if (!watch) return wrong.length === 0 ? 0 : 1;
    await sleep(1000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return 130;
  }
}

async function showHistory(
  objects: GatewayObjects,
  { verify, json }: Call<"history">,
): Promise<number> {
  const { found } = await readOverride(objects);
  const records = await readRecords(objects);
  const head = found.kind === "read" ? found.override.record : undefined;
  const faults = verify ? verifyChain(records, head) : [];
  if (json) {
    const list = inOrder(records).map(({ name, record, hash }) => ({
      name,
      hash,
      record: record ?? null,
    }));
    return said(
      `${JSON.stringify({ records: list, ...(verify ? { faults } : {}) })}\n`,
      faults.length === 0 ? 0 : 1,
    );
  }
  said(historyText(inOrder(records)));
  if (!verify) return 0;
  for (const { record, kind, text } of faults) said(`! ${plain(`${record}: ${kind}: ${text}`)}\n`);
  const last = inOrder(records).at(-1)?.hash ?? "none";
  return faults.length === 0
    ? said(`the chain of ${records.length} records holds; hash of the last: ${last}\n`)
    : 1;
}

async function change(
  objects: GatewayObjects,
  { request, reason, timeout, json }: Call<"change">,
  signal: AbortSignal,
): Promise<number> {
  const plan = await applyChange(objects, request, reason, () => new Date());
  if (plan.kind === "refused") throw new UsageError(`refused: ${plan.text}`);
  if (plan.kind === "nothing")
    return said(json ? `${JSON.stringify({ state: "nothing" })}\n` : `${plan.text}\n`);
  const start = performance.now();
  const { record, override, left } = plan;
  if (!json) {
    said(`record ${record.sequence}: ${plain(record.reason)}, by ${plain(record.user)}\n`);
    for (const [one, shares] of Object.entries(record.after)) {
      said(`  ${one}: ${sharesText(record.before[one] ?? {})} -> ${sharesText(shares)}\n`);
    }
    for (const { class: one, reason: why } of left) said(`  ${one} stays: ${why}\n`);
  }
  const progress = await waitForReplicas(objects, override.record, timeout, signal);
  const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
  const code = progress.kind === "in-force" ? 0 : 1;
  if (json) return said(`${JSON.stringify({ record, left, progress, seconds })}\n`, code);
  switch (progress.kind) {
    case "in-force":
      return said(`in force on all ${progress.replicas} gateway replicas after ${seconds} s\n`);
    case "failed":
      return said(`not in force: ${plain(progress.reason)}\n`, 1);
    case "waiting":
      return said(
        `written, not yet in force everywhere after ${seconds} s; still behind: ${plain(progress.for)}\n`,
        1,
      );
    default:
      progress satisfies never;
      throw new Error("unreachable");
  }
}

await runCommand(() => deploymentEnding(main));
