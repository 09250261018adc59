import { readdirSync } from "node:fs";
import test from "ava";
import { keysOf } from "../../components/lib/keys-of.ts";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import type { ModelId } from "../../components/lib/models/shapes.ts";
import type { Conversation } from "../../prompts/conversation.ts";
import { formats } from "../../prompts/formats.ts";
import { ownTemplate } from "../../prompts/own-template.ts";
import { type Rendered, render } from "../../prompts/render.ts";
import { samples } from "../../prompts/samples.ts";

const modelId = keysOf<ModelId>(formats);

async function rendered(model: string, sample: Conversation): Promise<Rendered> {
  const [first] = await render(ownTemplate(formats[modelId.parse(model)]), [sample]);
  if (first === undefined) throw new Error("nothing was rendered");
  return first;
}

test("every model of the catalogue has a format, and every file belongs to one and names its source", (t) => {
  t.deepEqual(Object.keys(formats).toSorted(), Object.keys(catalogue).toSorted());
  const files = new Set(Object.values(formats).map(({ template }) => template));
  t.deepEqual(readdirSync("prompts/formats").toSorted(), [...files].toSorted());
  for (const format of Object.values(formats)) {
    t.regex(
      ownTemplate(format).source,
      /^\{#- Written from the published format \(.+\), not (the|a) model's file/s,
    );
  }
});

/** As the formats are published, for the sample of several turns. */
const several = {
  "llama-2-70b-chat":
    "<s>[INST] <<SYS>>\nAnswer in one sentence.\n<</SYS>>\n\nWhy did the job fail? [/INST] The disk was full. </s><s>[INST] Since when? [/INST]",
  "llama-3-70b-instruct":
    "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nAnswer in one sentence.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhy did the job fail?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nThe disk was full.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nSince when?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
  "llama-3.1-70b-instruct":
    "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\nAnswer in one sentence.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhy did the job fail?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nThe disk was full.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nSince when?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
  "mixtral-8x7b-instruct":
    "<s> [INST] Answer in one sentence.\n\nWhy did the job fail? [/INST] The disk was full.</s> [INST] Since when? [/INST]",
  "mistral-7b-instruct":
    "<s>[INST] Why did the job fail?[/INST] The disk was full.</s>[INST] Answer in one sentence.\n\nSince when?[/INST]",
  "yi-34b-chat":
    "<|im_start|>system\nAnswer in one sentence.<|im_end|>\n<|im_start|>user\nWhy did the job fail?<|im_end|>\n<|im_start|>assistant\nThe disk was full.<|im_end|>\n<|im_start|>user\nSince when?<|im_end|>\n<|im_start|>assistant\n",
} as const;

test("several turns are written as the formats are published", async (t) => {
  for (const [model, text] of Object.entries(several)) {
    t.deepEqual(await rendered(model, samples["several turns"]), { text }, model);
  }
});

test("where there is no system message, Qwen writes its own and the others none", async (t) => {
  const one = samples["one question"];
  const text = async (model: string) => JSON.stringify(await rendered(model, one));
  t.regex(await text("qwen2.5-72b-instruct"), /system\\nYou are Qwen/);
  t.regex(await text("qwen1.5-72b-chat"), /system\\nYou are a helpful assistant\.<\|im_end/);
  t.false((await text("yi-34b-chat")).includes("system"));
  t.false((await text("llama-3-70b-instruct")).includes("system"));
});

test("two turns of the user in a row and a late system message are refused where roles must alternate", async (t) => {
  for (const model of [
    "llama-2-70b-chat",
    "mixtral-8x7b-instruct",
    "mistral-7b-instruct",
  ] as const) {
    t.true("refused" in (await rendered(model, samples["two user turns in a row"])), model);
    t.true("refused" in (await rendered(model, samples["system after user"])), model);
  }
  t.true("text" in (await rendered("llama-3-70b-instruct", samples["two user turns in a row"])));
});

test("models that call tools are shown the list, the call and the result", async (t) => {
  const models = Object.keys(formats).filter(
    (id) => catalogue[modelId.parse(id)].toolParser !== undefined,
  );
  t.is(models.length, 5);
  for (const model of models) {
    const offered = await rendered(model, samples["tools offered"]);
    t.regex(JSON.stringify(offered), /Weather of a city now/, model);
    const answered = await rendered(model, samples["result of a tool"]);
    t.regex(
      "text" in answered ? answered.text : "",
      /get_weather.*get_weather.*"city": "Bern".*rain/s,
      model,
    );
  }
});

test("Mistral takes ids of calls with nine characters alone", async (t) => {
  const { messages, tools } = samples["result of a tool"];
  const longer = messages.map((message) =>
    "tool_calls" in message
      ? {
          ...message,
          tool_calls: message.tool_calls.map((call) => ({ ...call, id: "call_0123456789" })),
        }
      : message,
  );
  t.regex(
    JSON.stringify(await rendered("mistral-7b-instruct", { messages: longer, tools })),
    /9 letters and digits/,
  );
});
