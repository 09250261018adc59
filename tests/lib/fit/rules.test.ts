import test from "ava";
import { vllmFacts } from "../../../components/lib/fit/engine-facts.ts";
import { shortageOf } from "../../../components/lib/fit/explain.ts";
import { fitOf, smallestGpus } from "../../../components/lib/fit/fit.ts";
import {
  architectureFaults,
  computeFaults,
  computesInFp8,
  driverFault,
  groupFaults,
  ruleFaults,
} from "../../../components/lib/fit/rules.ts";
import { waysOut } from "../../../components/lib/fit/ways-out.ts";
import { gpuFacts } from "../../../components/lib/gpus.ts";
import { modelShapes } from "../../../components/lib/models/shapes.ts";
import { images } from "../../../infra/versions.ts";
import { question } from "./questions.ts";

const a100 = gpuFacts["a100-sxm-80gb"];
const h100 = gpuFacts["h100-sxm-80gb"];

test("the facts are about the engine that is deployed", (t) => {
  t.is(`v${vllmFacts.version}`, images.vllm.tag);
});

test("a 70B in BF16 with the dev profile fails on two A100 80 GB, and fits four", (t) => {
  const asked = question("llama-3-70b-instruct", { gpus: 2, contextTokens: 8_192 });
  const two = fitOf(asked);
  t.false(two.fits);
  t.is(two.missingGib.toFixed(1), "4.1");
  t.is(smallestGpus(asked), 4);
  t.deepEqual(waysOut(asked), [
    { change: "gpus", gpus: 4 },
    { change: "precision", precisions: ["int8", "fp8"] },
    { change: "precision", precisions: ["awq", "gptq"] },
    { change: "concurrency", concurrency: 14 },
    { change: "requestTokens", requestTokens: 693 },
  ]);
  t.true(fitOf({ ...asked, gpus: 4 }).fits);
  t.is(shortageOf({ ...asked, gpus: 4 }), undefined);
});

test("the shortage says what is missing in GiB and what would help", (t) => {
  const asked = question("llama-3-70b-instruct", { gpus: 2, contextTokens: 8_192 });
  t.deepEqual(shortageOf(asked), {
    problem:
      "llama-3-70b-instruct in bf16 does not fit 2 x NVIDIA-A100-SXM4-80GB: 4.1 GiB per GPU are missing, 8.2 GiB in all; the KV cache must hold 49152 tokens (32 requests of 1536, and one of 8192) and has room for 22198",
    remedy:
      "any one of these makes it fit: gpus: 4; precision: int8 or fp8; precision: awq or gptq; load.concurrency: 14; load.inputTokens and load.outputTokens of 693 together",
  });
  const hopeless = { gpus: 1, gpusPerNode: 1, load: { ...asked.load, concurrency: 256 } };
  const nothing = shortageOf({ ...asked, ...hopeless });
  t.regex(nothing?.problem ?? "", /the weights alone are larger than the memory$/);
  t.regex(nothing?.remedy ?? "", /^no single change makes it fit/);
});

test("a degree that does not divide the heads is refused with those that do", (t) => {
  t.deepEqual(ruleFaults(question("llama-3-70b-instruct", { gpus: 3 })), [
    {
      field: "gpus",
      message:
        "3 does not divide the 64 attention heads and 8 key-value heads of llama-3-70b-instruct; use 1, 2, 4 or 8",
    },
  ]);
  t.deepEqual(ruleFaults(question("yi-34b-chat", { gpus: 8 })), []);
});

test("4-bit groups are never cut", (t) => {
  const shape = modelShapes["qwen2.5-72b-instruct"];
  t.deepEqual(groupFaults("q", shape, "awq", 1), []);
  t.is(groupFaults("q", shape, "awq", 2).length, 1);
  t.is(groupFaults("q", shape, "gptq", 8).length, 1);
  t.deepEqual(groupFaults("q", shape, "int8", 8), []);
  // The width to which published 4-bit checkpoints of it are padded.
  t.deepEqual(groupFaults("q", { intermediateSize: 29_696 }, "awq", 8), []);
});

test("without FP8 units the cache and the multiplication are refused, and weights alone are not", (t) => {
  const asked = question("llama-3-70b-instruct", { precision: "fp8" });
  t.true(fitOf(asked).fits);
  t.like(ruleFaults({ ...asked, cachePrecision: "fp8" }), [{ field: "cachePrecision" }]);
  t.deepEqual(ruleFaults({ ...asked, gpu: h100, cachePrecision: "fp8" }), []);
  t.is(computeFaults(true, a100).length, 1);
  t.deepEqual(computeFaults(true, h100), []);
  t.deepEqual(computeFaults(false, a100), []);
});

test("a checkpoint that multiplies in FP8 is told by its name, and offered on no GPU without", (t) => {
  const named = { fp8: "RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic", bf16: "o/m" };
  t.true(computesInFp8(named.fp8));
  t.false(computesInFp8("RedHatAI/Meta-Llama-3-70B-Instruct-FP8"));
  t.false(computesInFp8("RedHatAI/Llama-3.3-70B-Instruct-quantized.w8a8"));
  const asked = question("llama-3.3-70b-instruct", { precision: "fp8", checkpoints: named });
  t.like(ruleFaults(asked), [{ field: "precision" }]);
  t.deepEqual(ruleFaults({ ...asked, gpu: h100 }), []);
  const short = { ...asked, precision: "bf16", gpus: 2 } as const;
  const precisions = (gpu: typeof a100 | typeof h100) =>
    waysOut({ ...short, gpu }).flatMap((way) => (way.change === "precision" ? way.precisions : []));
  t.deepEqual(precisions(a100), []);
  t.deepEqual(precisions(h100), ["fp8"]);
});

test("a precision without a checkpoint is refused with those that have one", (t) => {
  const asked = question("yi-34b-chat", {
    precision: "int8",
    checkpoints: { bf16: "o/m", awq: "o/q" },
  });
  t.deepEqual(ruleFaults(asked), [
    {
      field: "precision",
      message:
        "the catalogue knows no checkpoint of yi-34b-chat in int8; use bf16, awq, or describe one as a model of your own",
    },
  ]);
});

test("an architecture that the engine dropped is refused with the last version that had it", (t) => {
  t.regex(
    architectureFaults("qwen-72b", { architecture: "QWenLMHeadModel" })[0]?.message ?? "",
    /up to 0\.23\.0 and 0\.33\.0 refuses/,
  );
  for (const shape of Object.values(modelShapes)) t.deepEqual(architectureFaults("m", shape), []);
});

test("requests that the context or the engine cannot take are refused", (t) => {
  const load = { concurrency: 257, inputTokens: 4_000, outputTokens: 200 };
  t.deepEqual(
    ruleFaults(question("llama-3-70b-instruct", { load })).map(({ field }) => field),
    ["load", "load"],
  );
  t.like(ruleFaults(question("yi-34b-chat", { contextTokens: 8_192 })), [
    { field: "contextTokens" },
  ]);
});

test("the driver has to be that of the engine's CUDA", (t) => {
  t.is(driverFault(images.gpuDriver.tag), undefined);
  t.is(driverFault("580.65.06"), undefined);
  t.regex(driverFault("570.172.08") ?? "", /too old: vLLM 0\.33\.0 is built for CUDA 13\.0/);
  t.regex(driverFault("latest") ?? "", /is no driver version/);
});
