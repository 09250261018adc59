import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { cacheBytesPerToken } from "../../../components/lib/fit/cache.ts";
import { fitOf, smallestGpus } from "../../../components/lib/fit/fit.ts";
import { poolTokens } from "../../../components/lib/fit/memory.ts";
import { type FitQuestion, requestTokens } from "../../../components/lib/fit/question.ts";
import { type WayOut, waysOut } from "../../../components/lib/fit/ways-out.ts";
import { weightsGb } from "../../../components/lib/fit/weights.ts";
import { type GpuModel, gpuFacts } from "../../../components/lib/gpus.ts";
import { type ModelId, modelShapes } from "../../../components/lib/models/shapes.ts";
import { question } from "./questions.ts";

const models = Object.keys(modelShapes).filter((key): key is ModelId => key in modelShapes);
const boards = Object.keys(gpuFacts).filter((key): key is GpuModel => key in gpuFacts);

const questions: fc.Arbitrary<FitQuestion> = fc
  .record({
    model: fc.constantFrom(...models),
    board: fc.constantFrom(...boards),
    precision: fc.constantFrom("bf16", "fp8", "int8", "awq", "gptq"),
    cachePrecision: fc.constantFrom("bf16", "fp8"),
    gpus: fc.constantFrom(1, 2, 4, 8),
    contextTokens: fc.integer({ min: 16, max: 8_192 }),
    concurrency: fc.integer({ min: 1, max: 256 }),
    inputTokens: fc.integer({ min: 1, max: 4_096 }),
    outputTokens: fc.integer({ min: 1, max: 4_096 }),
  })
  .map(({ model, board, concurrency, inputTokens, outputTokens, ...rest }) =>
    question(model, { ...rest, load: { concurrency, inputTokens, outputTokens } }, board),
  );

function holds(t: ExecutionContext, check: (asked: FitQuestion, more: number) => boolean): void {
  const property = fc.property(questions, fc.integer({ min: 1, max: 4_096 }), check);
  fc.assert(property, { numRuns: 500 });
  t.pass();
}

test("more GPUs never hold fewer tokens, and each never misses more", (t) => {
  holds(t, (asked) => {
    const [few, many] = [fitOf(asked), fitOf({ ...asked, gpus: asked.gpus * 2 })];
    return many.poolTokens >= few.poolTokens && many.missingGib <= few.missingGib;
  });
});

test("a longer context, more requests and longer ones never make a model fit", (t) => {
  holds(t, (asked, more) => {
    const { load } = asked;
    const harder: readonly FitQuestion[] = [
      { ...asked, contextTokens: asked.contextTokens + more },
      { ...asked, load: { ...load, concurrency: load.concurrency + more } },
      { ...asked, load: { ...load, inputTokens: load.inputTokens + more } },
      { ...asked, load: { ...load, outputTokens: load.outputTokens + more } },
    ];
    const before = fitOf(asked);
    return harder.map(fitOf).every((after) => {
      // A longer context may hold requests that were too long for the shorter one.
      const lifted = before.faults.some(({ field }) => field === "load");
      return (
        after.missingGib >= before.missingGib &&
        after.poolTokens === before.poolTokens &&
        (before.fits || lifted || !after.fits)
      );
    });
  });
});

test("fewer bits per weight never hold fewer tokens", (t) => {
  holds(t, (asked) => {
    const pools = (["bf16", "int8", "awq"] as const).map(
      (precision) => fitOf({ ...asked, precision }).poolTokens,
    );
    return pools.every((pool, index) => pool >= (pools[index - 1] ?? 0));
  });
});

test("half the bits of the cache hold twice the tokens", (t) => {
  holds(t, (asked) => {
    const whole = fitOf({ ...asked, cachePrecision: "bf16" }).poolTokens;
    const half = fitOf({ ...asked, cachePrecision: "fp8" }).poolTokens;
    return half - 2 * whole === 0 || half - 2 * whole === 1;
  });
});

test("the parts of a GPU's memory add up to what is visible", (t) => {
  holds(t, (asked) => {
    const { visible, spare, overhead, weights, pool, usable } = fitOf(asked).memory;
    return (
      Math.abs(spare + overhead + weights + pool - visible) < 1e-9 &&
      Math.abs(weights + pool - usable) < 1e-9
    );
  });
});

test("what is missing is exactly what would have to be added", (t) => {
  holds(t, (asked) => {
    const { memory, missingGib, cacheBytesPerToken: bytes, neededTokens, ...fit } = fitOf(asked);
    const enough = { ...memory, pool: memory.pool + missingGib + 1e-6 };
    const short = { ...memory, pool: memory.pool + missingGib - 1e-3 };
    return (
      poolTokens(enough, asked.gpus, bytes) >= neededTokens &&
      (missingGib === 0
        ? fit.poolTokens >= neededTokens
        : poolTokens(short, asked.gpus, bytes) < neededTokens)
    );
  });
});

test("the largest context and the largest concurrency fit, and one more does not", (t) => {
  holds(t, (asked) => {
    const { poolTokens: pool, largestConcurrency, largestContext } = fitOf(asked);
    const each = requestTokens(asked.load);
    return (
      largestConcurrency * each <= pool &&
      (largestConcurrency + 1) * each > pool &&
      largestContext === Math.min(pool, asked.shape.nativeContextTokens)
    );
  });
});

test("the smallest number of GPUs fits, and no smaller one does", (t) => {
  holds(t, (asked) => {
    const smallest = smallestGpus(asked);
    const fitting = Array.from({ length: asked.gpusPerNode }, (_, index) => index + 1).filter(
      (gpus) => fitOf({ ...asked, gpus }).fits,
    );
    return smallest === fitting[0];
  });
});

test("every way out fits and eases one thing, and a model that fits needs none", (t) => {
  holds(t, (asked) => {
    const ways = waysOut(asked);
    if (fitOf(asked).fits) return ways.length === 0;
    return ways.flatMap((way) => followed(asked, way)).every((then) => fitOf(then).fits);
  });
});

function followed(asked: FitQuestion, way: WayOut): readonly FitQuestion[] {
  const { load } = asked;
  switch (way.change) {
    case "gpus":
      return [{ ...asked, gpus: way.gpus }];
    case "precision":
      return way.precisions.map((precision) => ({ ...asked, precision }));
    case "contextTokens":
      return [{ ...asked, contextTokens: way.contextTokens }];
    case "concurrency":
      return [{ ...asked, load: { ...load, concurrency: way.concurrency } }];
    case "requestTokens":
      return [{ ...asked, load: { ...load, inputTokens: way.requestTokens - 1, outputTokens: 1 } }];
    default:
      way satisfies never;
      return [];
  }
}

test("heads are stored once, until there are more GPUs than heads", (t) => {
  const shape = modelShapes["llama-3-70b-instruct"];
  const bytes = (gpus: number) => cacheBytesPerToken(shape, "bf16", gpus);
  t.deepEqual([2, 4, 8].map(bytes), [bytes(1), bytes(1), bytes(1)]);
  t.is(bytes(16), 2 * bytes(8));
});

test("GB are decimal, and embeddings are counted once where they are also the head", (t) => {
  const shape = { ...modelShapes["llama-3-8b-instruct"], parametersBillion: 10 };
  const tied = { ...shape, tiedEmbeddings: true };
  t.is(weightsGb(shape, "bf16"), 20);
  t.is(weightsGb(tied, "bf16"), 20);
  t.true(weightsGb(tied, "int8") < weightsGb(shape, "int8"));
});
