import { gibText, wayOutText } from "../../components/lib/fit/explain.ts";
import type { Fit } from "../../components/lib/fit/fit.ts";
import { requestTokens } from "../../components/lib/fit/question.ts";
import type { FitReport, ModelReport } from "../fit/report.ts";

/** The report for people. */
export function fitText(report: FitReport): string {
  const { stack, gpu, gpusPerNode, nodes } = report;
  return [
    `Stack ${stack}: ${nodes} ${nodes === 1 ? "node" : "nodes"} of ${gpusPerNode} x ${gpu}`,
    driverText(report),
    "",
    ...report.models.flatMap((model) => [...modelText(model), ""]),
    "Arithmetic from the shape of the model; nothing was measured. Compare with what the engine logs at its start.",
    "",
  ].join("\n");
}

function driverText({ driver, driverFault }: FitReport): string {
  if (driverFault !== undefined) return `Driver: ${driverFault}`;
  return driver === undefined
    ? "Driver: not declared (gpuOperator.driverVersion), so not checked"
    : `Driver: ${driver}, new enough`;
}

function modelText(model: ModelReport): string[] {
  const { name, precision, cachePrecision, gpus, replicas, contextTokens, load } = model;
  return [
    `${name}: ${model.model} in ${precision}, KV cache in ${cachePrecision}`,
    `  ${replicas} ${replicas === 1 ? "replica" : "replicas"} of ${gpus} GPUs, each for ${load.concurrency} requests of ${number(requestTokens(load))} tokens (${number(load.inputTokens)} in, ${number(load.outputTokens)} out) and sequences up to ${number(contextTokens)}`,
    "",
    ...tableText(model),
    "",
    ...verdictText(model).map((line) => `  ${line}`),
  ];
}

type Row = readonly [title: string, value: (fit: Fit) => string];

const perGpu: readonly Row[] = [
  ["as sold, GB", ({ memory }) => number(memory.soldGb)],
  ["visible", ({ memory }) => memory.visible.toFixed(2)],
  ["- left free by the engine", ({ memory }) => memory.spare.toFixed(2)],
  ["- overhead", ({ memory }) => memory.overhead.toFixed(2)],
  ["= usable", ({ memory }) => memory.usable.toFixed(2)],
  ["- weights", ({ memory }) => memory.weights.toFixed(2)],
  ["= KV cache", ({ memory }) => memory.pool.toFixed(2)],
];

const perReplica: readonly Row[] = [
  ["KV cache holds", ({ poolTokens }) => number(poolTokens)],
  ["it must hold", ({ neededTokens }) => number(neededTokens)],
  ["largest context", ({ largestContext }) => number(largestContext)],
  ["most requests at once, by memory", ({ largestConcurrency }) => number(largestConcurrency)],
  ["sequences of the longest context", ({ worstCaseSequences }) => number(worstCaseSequences)],
  ["fits", ({ fits }) => (fits ? "yes" : "no")],
];

function tableText({ onGpus, gpus: own }: ModelReport): string[] {
  const columns = onGpus.map(({ gpus }) => `${gpus} GPUs${gpus === own ? " *" : ""}`);
  const line = (title: string, cells: readonly string[]) =>
    `  ${title.padEnd(34)}${cells.map((cell) => cell.padStart(12)).join("")}`.trimEnd();
  const rows = (table: readonly Row[]) =>
    table.map(([title, value]) =>
      line(
        title,
        onGpus.map(({ fit }) => value(fit)),
      ),
    );
  return [
    line("GiB per GPU (* as the stack has it)", columns),
    ...rows(perGpu),
    "",
    line("Tokens per replica", []),
    ...rows(perReplica),
  ];
}

function verdictText(model: ModelReport): string[] {
  const { estimateFor, fit, gpus, smallestGpus, waysOut, byPrecision } = model;
  const missing =
    fit.missingGib === 0
      ? []
      : [
          `Missing: ${gibText(fit.missingGib)} GiB per GPU, ${gibText(fit.missingGib * gpus)} GiB in all.`,
        ];
  const needs = byPrecision
    .map(
      ({ precisions, gpus: least }) =>
        `${least ?? "more than a node"} in ${precisions.join(" or ")}`,
    )
    .join(", ");
  return [
    fit.fits ? "Fits." : "Does not fit.",
    ...(estimateFor === undefined
      ? []
      : [`An estimate: the arithmetic is that of vLLM, and ${estimateFor} serves the model.`]),
    ...missing,
    ...fit.faults.map(({ field, message }) => `${field}: ${message}`),
    ...waysOut.map((way) => `Way out: ${wayOutText(way)}`),
    ...(fit.fits && fit.worstCaseSequences < 2
      ? ["Warning: only one sequence of the longest context fits at once."]
      : []),
    `Smallest number of GPUs that fits: ${smallestGpus ?? "none of one node"}.`,
    `For memory alone: ${needs}. More GPUs than that are argued from throughput, not from memory.`,
  ];
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
