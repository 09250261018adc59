import test from "ava";
import { ConfigError } from "../../infra/config/faults.ts";
import { parseStack } from "../../infra/config/parse.ts";
import { devStack } from "./dev-stack.ts";

type Fields = Record<string, unknown>;

/** Faults of the dev stack with other fields in its model and its GPU operator, as a user reads them. */
function faults(model: Fields, gpuOperator: Fields = { kind: "existing" }): string[] {
  const stack = { ...devStack(), gpuOperator };
  stack.models = stack.models.map((each) => ({ ...each, ...model }));
  try {
    parseStack(stack, "private-llm");
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path.join(".")}: ${message}`);
  }
}

test("a 70B in BF16 with the dev profile is refused on two A100 80 GB, with what is missing and the ways out", (t) => {
  t.deepEqual(faults({ gpus: 2 }), [
    "models.0: llama-3-70b-instruct in bf16 does not fit 2 x NVIDIA-A100-SXM4-80GB: 4.1 GiB per GPU are missing, 8.2 GiB in all; the KV cache must hold 49152 tokens (32 requests of 1536, and one of 8192) and has room for 22198; any one of these makes it fit: gpus: 4; precision: fp8; precision: awq or gptq; load.concurrency: 14; load.inputTokens and load.outputTokens of 693 together",
  ]);
});

test("four and eight GPUs are a change of one field", (t) => {
  t.deepEqual(faults({ gpus: 4 }), []);
  t.deepEqual(faults({ gpus: 8 }), []);
});

test("a longer context is a checked choice", (t) => {
  const long = {
    model: "llama-3.3-70b-instruct",
    gpus: 2,
    load: { concurrency: 1, inputTokens: 1280, outputTokens: 256 },
  };
  t.deepEqual(faults({ ...long, contextTokens: 16_384 }), []);
  t.regex(faults({ ...long, contextTokens: 131_072 }).join("\n"), /contextTokens: 22198/);
  t.deepEqual(faults({ ...long, gpus: 4, contextTokens: 131_072 }), []);
});

test("4-bit weights fit one GPU, and a precision without a checkpoint is refused", (t) => {
  t.deepEqual(faults({ precision: "awq", gpus: 1 }), []);
  t.deepEqual(faults({ precision: "int8" }), [
    "models.0.precision: the catalogue knows no checkpoint of llama-3-70b-instruct in int8; use bf16, fp8, awq, gptq, or describe one as a model of your own",
  ]);
});

test("FP8 weights run on A100, and a checkpoint that multiplies in FP8 is refused there", (t) => {
  t.deepEqual(faults({ precision: "fp8", gpus: 4 }), []);
  t.deepEqual(faults({ model: "llama-3.3-70b-instruct", precision: "fp8", gpus: 4 }), [
    "models.0.precision: fp8 is refused: NVIDIA-A100-SXM4-80GB has compute capability 8.0, and vLLM 0.33.0 needs 8.9 to compute in FP8; use a checkpoint with FP8 weights alone, int8, or a 4-bit one",
  ]);
});

test("an FP8 cache is refused on A100", (t) => {
  t.deepEqual(faults({ cachePrecision: "fp8" }), [
    "models.0.cachePrecision: fp8 is refused: NVIDIA-A100-SXM4-80GB has compute capability 8.0, and vLLM 0.33.0 needs 8.9 to cache in FP8; use bf16",
  ]);
});

test("a load that is not declared, or longer than the context, is refused", (t) => {
  t.deepEqual(faults({ load: undefined }), [
    "models.0.load: missing; declare what one replica carries, such as {concurrency: 32, inputTokens: 1280, outputTokens: 256}",
  ]);
  t.deepEqual(faults({ load: { concurrency: 1, inputTokens: 8_000, outputTokens: 1_000 } }), [
    "models.0.load: 8000 input and 1000 output tokens are longer than contextTokens 8192; lower them or raise it",
  ]);
});

test("the driver has to fit the engine's CUDA, whoever brings it", (t) => {
  const old =
    "gpuOperator.driverVersion: driver 570.172.08 is too old: vLLM 0.33.0 is built for CUDA 13.0, which needs driver 580 or newer; upgrade the driver";
  const driverVersion = "570.172.08";
  t.deepEqual(faults({}, { kind: "existing", driverVersion }), [old]);
  t.deepEqual(faults({}, { kind: "chart", driver: "image", driverVersion }), [old]);
  t.deepEqual(faults({}, { kind: "existing", driverVersion: "580.65.06" }), []);
  const packageSources = { "site.list": "deb https://packages.example.internal/ x main" };
  t.deepEqual(faults({}, { kind: "chart", driver: "operator", packageSources }), []);
  t.regex(
    faults({}, { kind: "chart", driver: "operator", packageSources, driverVersion }).join("\n"),
    /belongs to driver image/,
  );
});

test("faults of several models and of the driver arrive together", (t) => {
  t.is(
    faults(
      { gpus: 2, cachePrecision: "fp8", contextTokens: 9_000 },
      { kind: "existing", driverVersion: "535.1" },
    ).length,
    4,
  );
});
