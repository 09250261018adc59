import { gpuMemoryUtilization } from "../../components/lib/engine-limits.ts";
import { fitOf } from "../../components/lib/fit/fit.ts";
import { weightsGb } from "../../components/lib/fit/weights.ts";
import { gpuFacts } from "../../components/lib/gpus.ts";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import type { Precision } from "../../components/lib/models/precision.ts";
import type { ModelShape } from "../../components/lib/models/shape.ts";

/** The profile of stack dev; a test compares it with the stack file. */
export const tableProfile = {
  load: { concurrency: 32, inputTokens: 1_280, outputTokens: 256 },
  contextTokens: 8_192,
} as const;

const gpu = gpuFacts["a100-sxm-80gb"];
const counts = [1, 2, 4, 8] as const;

/** Precisions of one size share a row; the first stands for them. */
const rows: readonly (readonly [title: string, precision: Precision])[] = [
  ["BF16", "bf16"],
  ["8-bit", "int8"],
  ["4-bit", "awq"],
];

/** Every model of the catalogue on A100 80 GB: whether one replica fits, and what its cache holds. */
export function fitRows(): readonly (readonly string[])[] {
  return Object.entries(catalogue).flatMap(([id, { shape }]) =>
    rows.map(([title, precision]) => row(id, shape, title, precision)),
  );
}

export const fitHead: readonly string[] = [
  "model",
  "weights",
  "GB",
  ...counts.map((count) => `${count} ${count === 1 ? "GPU" : "GPUs"}`),
];

function row(
  id: string,
  shape: ModelShape,
  title: string,
  precision: Precision,
): readonly string[] {
  const fits = counts.map((gpus) =>
    fitOf({
      model: id,
      shape,
      precision,
      checkpoints: { [precision]: "any" },
      cachePrecision: "bf16",
      utilization: gpuMemoryUtilization,
      gpu,
      gpus,
      gpusPerNode: 8,
      ...tableProfile,
      contextTokens: Math.min(tableProfile.contextTokens, shape.nativeContextTokens),
    }),
  );
  const cells = fits.map(({ fits: fitting, poolTokens, faults }) => {
    if (faults.length > 0) return "no, *groups*";
    return `${fitting ? "**yes**" : "no"}, ${number(poolTokens)}`;
  });
  return [`\`${id}\``, title, weightsGb(shape, precision).toFixed(1), ...cells];
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
