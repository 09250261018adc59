import test from "ava";
import { catalogue } from "../../../components/lib/models/catalogue.ts";
import { checkpointOf } from "../../../components/lib/models/checkpoint.ts";
import { countParameters } from "../../../components/lib/models/parameters.ts";
import type { ModelId } from "../../../components/lib/models/shapes.ts";

/** Keys and values of one token in BF16, KiB, as published tables of these models have them. */
const cacheKib: Readonly<Record<ModelId, number>> = {
  "llama-2-70b-chat": 320,
  "llama-3-8b-instruct": 128,
  "llama-3-70b-instruct": 320,
  "llama-3.1-8b-instruct": 128,
  "llama-3.1-70b-instruct": 320,
  "llama-3.3-70b-instruct": 320,
  "mistral-7b-instruct": 128,
  "mixtral-8x7b-instruct": 128,
  "qwen1.5-72b-chat": 2560,
  "qwen2.5-72b-instruct": 320,
  "yi-34b-chat": 240,
};

/** Parameters as the model cards state them, billions. */
const published: Readonly<Record<ModelId, number>> = {
  "llama-2-70b-chat": 69,
  "llama-3-8b-instruct": 8.03,
  "llama-3-70b-instruct": 70.6,
  "llama-3.1-8b-instruct": 8.03,
  "llama-3.1-70b-instruct": 70.6,
  "llama-3.3-70b-instruct": 70.6,
  "mistral-7b-instruct": 7.25,
  "mixtral-8x7b-instruct": 46.7,
  "qwen1.5-72b-chat": 72.3,
  "qwen2.5-72b-instruct": 72.7,
  "yi-34b-chat": 34.4,
};

const ids = Object.keys(published).filter((id): id is ModelId => id in catalogue);

for (const id of ids) {
  const { shape, ...model } = catalogue[id];

  test(`${id}: parameters follow from the shape`, (t) => {
    const experts = id.startsWith("mixtral") ? { count: 8, perToken: 2 } : undefined;
    const counted = countParameters({
      ...shape,
      attentionBias: shape.architecture === "Qwen2ForCausalLM",
      experts,
    });
    t.true(Math.abs(counted.total / shape.parametersBillion - 1) < 0.001);
    t.true(Math.abs(counted.active / shape.activeParametersBillion - 1) < 0.001);
    t.true(Math.abs(published[id] / shape.parametersBillion - 1) < 0.005);
  });

  test(`${id}: the cache of a token is the published one`, (t) => {
    const { layers, keyValueHeads, headDimension } = shape;
    t.is((2 * layers * keyValueHeads * headDimension * 2) / 1024, cacheKib[id]);
  });

  test(`${id}: heads divide`, (t) => {
    t.is(shape.attentionHeads % shape.keyValueHeads, 0);
    t.is(shape.attentionHeads * shape.headDimension, shape.hiddenSize);
  });

  test(`${id}: says where it comes from and what is known of it`, (t) => {
    const repositories = [model.repository, model.base, ...Object.values(model.checkpoints)];
    for (const repository of repositories) t.regex(repository ?? "", /^[\w.-]+\/[\w.-]+$/);
    t.is(new Set(repositories).size, repositories.length);
    t.regex(model.licence.url ?? "", /^https:\/\//);
    t.true(model.scores.length > 0);
    for (const { values, source, asOf } of model.scores) {
      t.true(Object.values(values).every((value) => value > 0 && value < 100));
      t.true(source.length > 0);
      t.regex(asOf, /^20\d\d-(0[1-9]|1[0-2])$/);
    }
  });
}

test("a checkpoint is known by its precision", (t) => {
  const model = catalogue["llama-3.3-70b-instruct"];
  t.is(checkpointOf(model, "bf16"), model.repository);
  t.is(checkpointOf(model, "awq"), "casperhansen/llama-3.3-70b-instruct-awq");
  t.is(checkpointOf(model, "gptq"), undefined);
});
