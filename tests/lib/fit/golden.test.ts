import test from "ava";
import { fitOf } from "../../../components/lib/fit/fit.ts";
import { weightsGb } from "../../../components/lib/fit/weights.ts";
import type { Precision } from "../../../components/lib/models/precision.ts";
import { type ModelId, modelShapes } from "../../../components/lib/models/shapes.ts";
import { question } from "./questions.ts";

/** Worked out apart from this program with the same formulas, 2026-11; not measured. GB. */
const weights: readonly (readonly [ModelId, number, number, number])[] = [
  ["llama-2-70b-chat", 138, 69.5, 36.6],
  ["llama-3-70b-instruct", 141.1, 72.7, 39.8],
  ["mixtral-8x7b-instruct", 93.4, 47, 24.7],
  ["yi-34b-chat", 68.8, 35.3, 19.2],
  ["qwen1.5-72b-chat", 144.6, 74.8, 41.2],
  ["qwen2.5-72b-instruct", 145.4, 75.2, 41.5],
];

for (const [model, bf16, eightBit, fourBit] of weights) {
  test(`weights of ${model} in each precision, within 1 %`, (t) => {
    const expected: readonly (readonly [Precision, number])[] = [
      ["bf16", bf16],
      ["int8", eightBit],
      ["fp8", eightBit],
      ["awq", fourBit],
      ["gptq", fourBit],
    ];
    for (const [precision, gigabytes] of expected) {
      const found = weightsGb(modelShapes[model], precision);
      t.true(Math.abs(found - gigabytes) <= gigabytes * 0.01, `${precision}: ${found}`);
    }
  });
}

const columns: readonly (readonly [Precision, number])[] = [
  ["bf16", 2],
  ["bf16", 4],
  ["bf16", 8],
  ["int8", 2],
  ["int8", 4],
  ["awq", 1],
  ["awq", 2],
  ["awq", 4],
];

/** Thousands of tokens, in the order of the columns. */
const pools: readonly (readonly [ModelId, ...number[]])[] = [
  ["llama-3-70b-instruct", 22, 484, 1407, 235, 697, 107, 338, 799],
  ["llama-2-70b-chat", 32, 493, 1416, 245, 707, 117, 347, 809],
  ["mixtral-8x7b-instruct", 427, 1580, 3888, 788, 1942, 385, 962, 2115],
  ["yi-34b-chat", 330, 945, 2176, 469, 1084, 228, 535, 1151],
  ["qwen1.5-72b-chat", 1, 59, 174, 29, 86, 13, 42, 99],
  ["qwen2.5-72b-instruct", 9, 470, 1393, 227, 689, 102, 332, 794],
];

for (const [model, ...cells] of pools) {
  test(`KV pool of ${model} on A100 80 GB, within 1 %`, (t) => {
    t.is(cells.length, columns.length);
    for (const [index, [precision, gpus]] of columns.entries()) {
      const expected = (cells[index] ?? Number.NaN) * 1000;
      const { poolTokens } = fitOf(question(model, { precision, gpus }));
      // The reference is rounded to thousands.
      const tolerance = Math.max(expected * 0.01, 500);
      t.true(
        Math.abs(poolTokens - expected) <= tolerance,
        `${precision} on ${gpus}: ${poolTokens}, not ${expected}`,
      );
    }
  });
}

test("on A100 40 GB the 70B in BF16 takes all eight, with about 445k tokens", (t) => {
  const on = (gpus: number) =>
    fitOf(question("llama-3-70b-instruct", { gpus, contextTokens: 8_192 }, "a100-sxm-40gb"));
  t.false(on(4).fits);
  const eight = on(8);
  t.true(eight.fits);
  t.true(Math.abs(eight.weightsGb / 8 - 17.6) < 0.1);
  t.true(Math.abs(eight.poolTokens - 445_000) <= 4_450);
});

test("a pool of 484k tokens is 3.7 sequences of 128K, 29 of 16K and 59 of 8K", (t) => {
  const { poolTokens } = fitOf(question("llama-3-70b-instruct"));
  t.is((poolTokens / 131_072).toFixed(1), "3.7");
  t.is(Math.floor(poolTokens / 16_384), 29);
  t.is(Math.floor(poolTokens / 8_192), 59);
});

test("one token of a 70B takes 320 KiB in the cache, without grouped heads eight times that", (t) => {
  t.is(fitOf(question("llama-3-70b-instruct")).cacheBytesPerToken, 320 * 1024);
  t.is(fitOf(question("qwen1.5-72b-chat")).cacheBytesPerToken, 2_560 * 1024);
});
