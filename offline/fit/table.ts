import { gpuMemoryUtilization } from "../../components/lib/engine-limits.ts";
import { fitOf } from "../../components/lib/fit/fit.ts";
import { requestTokens } from "../../components/lib/fit/question.ts";
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

/** The page `docs/fit-table.md`: every model of the catalogue on A100 80 GB. */
export function fitTablePage(): string {
  const { load, contextTokens } = tableProfile;
  return [
    "# What fits A100 80 GB",
    "",
    "Made by `npm run fit -- --table --out docs/fit-table.md`; a test compares it. What the numbers mean: [fit.md](fit.md).",
    "",
    `Profile of stack dev: ${load.concurrency} requests of ${number(requestTokens(load))} tokens at once, sequences up to ${number(contextTokens)}`,
    `or what the model was trained for. Cells: whether one replica fits so many ${gpu.product}, and the tokens that its KV`,
    "cache (BF16) holds. Memory and splitting alone: whether somebody publishes a model in a precision is another matter.",
    "Arithmetic, not measured.",
    "",
    `| model | weights | GB | ${counts.map((count) => `${count} ${count === 1 ? "GPU" : "GPUs"}`).join(" | ")} |`,
    `|---|---|---|${counts.map(() => "---").join("|")}|`,
    ...Object.entries(catalogue).flatMap(([id, { shape }]) =>
      rows.map(([title, precision]) => row(id, shape, title, precision)),
    ),
    "",
    "*groups*: a 4-bit group of 128 weights would be cut. Checkpoints that are padded load all the same, and this program does not know",
    "which are.",
    "",
  ].join("\n");
}

function row(id: string, shape: ModelShape, title: string, precision: Precision): string {
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
  const gigabytes = fits[0]?.weightsGb.toFixed(1) ?? "";
  return `| \`${id}\` | ${title} | ${gigabytes} | ${cells.join(" | ")} |`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
