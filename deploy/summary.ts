import type { InventoryEntry } from "./inventory.ts";
import type { Readiness } from "./wait/readiness.ts";

export interface SummaryRow {
  readonly entry: InventoryEntry;
  readonly readiness: Readiness;
}

/** What a person wants to know after `up`. */
export interface Summary {
  readonly stack: string;
  readonly server: string;
  readonly objects: readonly SummaryRow[];
  /** Processes on this machine that are what they are called; empty for a cluster elsewhere. */
  readonly processes: readonly string[];
  /** Whether containers are simulated. */
  readonly simulated: boolean;
  /** Addresses inside the cluster. */
  readonly endpoints: readonly string[];
  /** Where generated values lie, as `namespace/name (key)`; never the values. */
  readonly secrets: readonly string[];
  /** How to call the gateway that runs on this machine; none where there is none. */
  readonly calls: readonly string[];
  /** kubectl with what it needs to reach this cluster. */
  readonly kubectl: string;
  readonly counts: string;
}

/** Kinds that a person looks for; the rest is counted. */
const listed: ReadonlySet<string> = new Set([
  "Node",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "Pod",
  "Service",
]);

/** Pure: the closing text of `up`. */
export function summaryText(summary: Summary): string {
  const rows = summary.objects.filter(({ entry }) => listed.has(entry.kind));
  const table = aligned([
    ["NAMESPACE", "KIND", "NAME", "STATE"],
    ...rows.map(({ entry, readiness }) => [
      entry.namespace ?? "-",
      entry.kind,
      entry.name,
      readiness.text === "" ? "exists" : readiness.text,
    ]),
  ]);
  return [
    `Stack ${summary.stack} on ${summary.server}: ${summary.counts}`,
    table.map((line) => `  ${line}`).join("\n"),
    others(summary.objects.filter(({ entry }) => !listed.has(entry.kind))),
    reality(summary),
    list("Endpoints inside the cluster:", summary.endpoints),
    list("Generated keys are in:", summary.secrets),
    list("The gateway on this machine (engines and providers are simulated):", summary.calls),
    `Reach it with:\n  ${summary.kubectl} get pods --all-namespaces`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** What may be taken as evidence, and what may not. */
function reality({ simulated, processes }: Summary): string {
  if (!simulated) return "";
  const real = processes.length === 0 ? "the control plane" : processes.join(", ");
  return [
    `Real:       ${real}`,
    "Simulated:  GPU nodes, volumes and all containers; scheduling, admission and rollout are Kubernetes' own,",
    "            but no model runs: readiness here says nothing about a container",
  ].join("\n");
}

function others(rows: readonly SummaryRow[]): string {
  if (rows.length === 0) return "";
  const counts = new Map<string, number>();
  for (const { entry } of rows) counts.set(entry.kind, (counts.get(entry.kind) ?? 0) + 1);
  const kinds = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `  and ${rows.length} more: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(", ")}`;
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : [title, ...items.map((item) => `  ${item}`)].join("\n");
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** "20 created, 0 changed, 0 unchanged, 0 pruned", or that nothing had to be done. */
export function countsText(counts: {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly pruned: number;
}): string {
  const { created, changed, unchanged, pruned } = counts;
  if (created + changed + pruned === 0)
    return `nothing to change, ${unchanged} objects are as the stack wants them`;
  return `${created} created, ${changed} changed, ${unchanged} unchanged, ${pruned} pruned`;
}
