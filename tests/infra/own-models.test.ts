import test from "ava";
import * as fc from "fast-check";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import { ConfigError } from "../../infra/config/faults.ts";
import { ownModels } from "../../infra/config/own-models.ts";
import { parseStack } from "../../infra/config/parse.ts";
import type { ReadFile } from "../../infra/config/repository-file.ts";
import { devStack } from "./dev-stack.ts";
import { llamaConfig, mixtralConfig } from "./hub-configs.ts";

const file = "models/acme/config.json";
const entry = {
  config: file,
  repository: "acme/support-llama-70b",
  licence: { name: "Llama 3.1 Community License" },
};

/** Reads one file, whatever it is asked for. */
function reading(content: unknown): ReadFile {
  return () => ({ text: typeof content === "string" ? content : JSON.stringify(content) });
}

function stackOf(declared: Record<string, unknown>, model = "acme-70b") {
  const stack = devStack();
  const models = stack.models.map((one) => ({ ...one, model }));
  return { ...stack, models, catalogue: declared };
}

function parse(declared: Record<string, unknown>, readFile: ReadFile, model?: string) {
  const stack = parseStack(stackOf(declared, model), "private-llm", readFile);
  if (stack.layer === "cluster") throw new Error("the fixture is a platform");
  return stack;
}

/** What is told of an entry or of its file, without the reference to it. */
function faults(declared: Record<string, unknown>, readFile: ReadFile): string[] {
  try {
    parse(declared, readFile);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim().replace(/^private-llm:/, ""))
      .filter((line) => !line.startsWith("models[0].model:"));
  }
}

/** Faults of one changed field of the model's config.json. */
function ofField(change: Record<string, unknown>, base = llamaConfig()): string[] {
  return faults({ "acme-70b": entry }, reading({ ...base, ...change }));
}

test("a model of one's own is like a row of the catalogue", (t) => {
  const [model] = parse({ "acme-70b": entry }, reading(llamaConfig())).models;
  const row = catalogue["llama-3.1-70b-instruct"];
  t.deepEqual(Object.keys(model?.model ?? {}).toSorted(), [...Object.keys(row), "id"].toSorted());
  t.is(model?.model.id, "acme-70b");
  t.is(model?.model.repository, "acme/support-llama-70b");
  const { parametersBillion, activeParametersBillion: _, ...shape } = row.shape;
  t.like(model?.model.shape, shape);
  t.true(Math.abs((model?.model.shape.parametersBillion ?? 0) - parametersBillion) < 0.01);
});

test("a mixture of experts counts what a token passes", (t) => {
  const [model] = parse({ "acme-70b": entry }, reading(mixtralConfig())).models;
  t.is(model?.model.shape.parametersBillion.toFixed(1), "46.7");
  t.is(model?.model.shape.activeParametersBillion.toFixed(1), "12.9");
});

test("a model of one's own gets the checks of the catalogue", (t) => {
  const short = reading({ ...llamaConfig(), max_position_embeddings: 4096 });
  const error = t.throws(() => parse({ "acme-70b": entry }, short), { instanceOf: ConfigError });
  t.regex(error.message, /contextTokens: 8192 is longer than the 4096 tokens acme-70b was/);
  const heads = reading({ ...llamaConfig(), num_key_value_heads: 4 });
  const split = t.throws(() => parse({ "acme-70b": entry }, heads), { instanceOf: ConfigError });
  t.regex(split.message, /models\[0\]\.gpus: 8 does not divide/);
});

test("without num_key_value_heads every head has its own cache", (t) => {
  const { num_key_value_heads: _, ...config } = llamaConfig();
  t.is(parse({ "acme-70b": entry }, reading(config)).models[0]?.model.shape.keyValueHeads, 64);
  const none = reading({ ...llamaConfig(), num_key_value_heads: null, head_dim: null });
  t.like(parse({ "acme-70b": entry }, none).models[0]?.model.shape, {
    keyValueHeads: 64,
    headDimension: 128,
  });
});

test("a head dimension of its own is taken", (t) => {
  const config = reading({ ...llamaConfig(), head_dim: 256 });
  t.is(parse({ "acme-70b": entry }, config).models[0]?.model.shape.headDimension, 256);
});

const scalings: readonly (readonly [Record<string, unknown>, number])[] = [
  [{ rope_scaling: null }, 131_072],
  [{ rope_scaling: { type: "linear", factor: 2 } }, 262_144],
  [{ rope_scaling: { rope_type: "dynamic", factor: 1.5 } }, 196_608],
  [
    {
      rope_scaling: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 32_768 },
      max_position_embeddings: 32_768,
    },
    131_072,
  ],
  [{ rope_scaling: undefined, rope_parameters: { rope_type: "default", rope_theta: 1 } }, 131_072],
  [{ sliding_window: 4096 }, 131_072],
];
for (const [change, tokens] of scalings) {
  test(`context of ${JSON.stringify(change)}`, (t) => {
    const config = reading({ ...llamaConfig(), ...change });
    const [model] = parse({ "acme-70b": entry }, config).models;
    t.is(model?.model.shape.nativeContextTokens, tokens);
  });
}

const at = `catalogue.acme-70b.config: ${file}:`;
const refused: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
  [
    "an unknown architecture",
    { architectures: ["BertModel"] },
    [
      `${at} architectures: "BertModel" is none whose size is known; this product sizes LlamaForCausalLM, MistralForCausalLM, MixtralForCausalLM, Qwen2ForCausalLM`,
    ],
  ],
  [
    "numbers as text, negative, broken, too large and missing, all at once",
    {
      num_attention_heads: "64",
      num_hidden_layers: -1,
      vocab_size: 0.5,
      intermediate_size: 1e300,
      hidden_size: undefined,
    },
    [
      `${at} num_hidden_layers: -1: Too small: expected number to be >0`,
      `${at} hidden_size: missing; expected number, received undefined`,
      `${at} intermediate_size: 1e+300: Too big: expected int to be <=9007199254740991`,
      `${at} intermediate_size: 1e+300: Too big: expected number to be <=10000000`,
      `${at} num_attention_heads: "64": expected number, received string`,
      `${at} vocab_size: 0.5: expected int, received number`,
    ],
  ],
  [
    "pictures and code",
    { vision_config: {}, auto_map: { AutoModel: "x.Y" } },
    [
      `${at} vision_config: images and sound are not served; choose a model of text alone`,
      `${at} auto_map: names code in the repository, and the engine never runs code that comes with weights`,
    ],
  ],
  [
    "an encoder",
    { is_encoder_decoder: true },
    [`${at} is_encoder_decoder: only decoders are served; choose another model`],
  ],
  [
    "heads that do not divide",
    { num_key_value_heads: 7 },
    [`${at} num_key_value_heads: 7 does not divide the 64 attention heads`],
  ],
  [
    "no head dimension where none can be worked out",
    { hidden_size: 8000, num_attention_heads: 48, num_key_value_heads: 8 },
    [`${at} head_dim: missing, and hidden_size 8000 is no multiple of the 48 attention heads`],
  ],
  [
    "weights of 32 bits",
    { torch_dtype: "float32" },
    [`${at} torch_dtype: "float32" is not stored in 16 bits; convert the weights to bfloat16`],
  ],
  [
    "a quantised checkpoint",
    { quantization_config: { quant_method: "awq" } },
    [
      `${at} quantization_config: this is a quantised checkpoint; name the config.json of the BF16 one, and this one's repository under checkpoints`,
    ],
  ],
  [
    "an unknown scaling",
    { rope_scaling: { rope_type: "longrope", factor: 32 } },
    [
      `${at} rope_scaling: {"rope_type":"longrope","factor":32} is a scaling whose context cannot be worked out; known are llama3, linear and dynamic with factor, and yarn with factor and original_max_position_embeddings`,
    ],
  ],
  [
    "experts in a dense model",
    { num_local_experts: 8 },
    [`${at} num_local_experts: 8 experts, but LlamaForCausalLM is no mixture of experts`],
  ],
];
for (const [title, change, expected] of refused) {
  test(`refused: ${title}`, (t) => t.deepEqual(ofField(change), expected));
}

test("a mixture states its experts", (t) => {
  t.deepEqual(ofField({ num_local_experts: undefined }, mixtralConfig()), [
    `${at} num_local_experts: missing, or num_experts_per_tok is; a mixture of experts states both`,
  ]);
  t.deepEqual(ofField({ num_experts_per_tok: 9 }, mixtralConfig()), [
    `${at} num_experts_per_tok: 9 is more than the 8 experts`,
  ]);
});

for (const text of ["", "{", "apiVersion: v1\ntoken: very-secret", "[".repeat(100_000)]) {
  test(`a file that is no JSON is named and not shown: ${JSON.stringify(text.slice(0, 12))}`, (t) => {
    t.deepEqual(faults({ "acme-70b": entry }, reading(text)), [
      `${at} is not JSON; name the model's config.json`,
    ]);
  });
}

for (const text of ["null", "7", "[]", '"x"', '{"__proto__": {"hidden_size": 1}}']) {
  test(`JSON that is no configuration is refused: ${text}`, (t) => {
    t.true(faults({ "acme-70b": entry }, reading(text)).every((line) => line.startsWith(at)));
    t.true(faults({ "acme-70b": entry }, reading(text)).length > 0);
  });
}

test("no JSON whatever ends the reading, and what is accepted is a sound shape", (t) => {
  const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.constant(undefined));
  const changes = fc.dictionary(fc.constantFrom(...Object.keys(llamaConfig())), value);
  const any = fc.oneof(
    fc.jsonValue(),
    changes.map((change) => ({ ...llamaConfig(), ...change })),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(any, (config) => {
        const read = ownModels({ acme: entry }, reading(JSON.stringify(config) ?? ""));
        const shape = read.models["acme"]?.shape;
        if (shape === undefined) return read.faults.length > 0;
        const { layers, keyValueHeads, attentionHeads, headDimension, ...rest } = shape;
        return (
          read.faults.length === 0 &&
          attentionHeads % keyValueHeads === 0 &&
          [layers, keyValueHeads, headDimension, rest.nativeContextTokens].every(
            Number.isInteger,
          ) &&
          Number.isFinite(rest.parametersBillion) &&
          rest.parametersBillion > 0 &&
          rest.activeParametersBillion <= rest.parametersBillion
        );
      }),
    ),
  );
});

test("a file that cannot be read says why, and the stack that names the model does not repeat it", (t) => {
  const error = t.throws(() => parse({ "acme-70b": entry }, () => ({ fault: "is away" })), {
    instanceOf: ConfigError,
  });
  t.deepEqual(error.message.split("\n").slice(1), [
    '  private-llm:models[0].model: "acme-70b" has faults itself; correct it under catalogue',
    `  private-llm:catalogue.acme-70b.config: ${file}: is away`,
  ]);
});

test("who does not say where files are reads none", (t) => {
  const stack = stackOf({ "acme-70b": entry });
  t.throws(() => parseStack(stack, "private-llm"), { message: /cannot be read here/ });
});

test("the stated number of parameters must be near the counted one", (t) => {
  const stated = (parametersBillion: unknown) =>
    faults({ "acme-70b": { ...entry, parametersBillion } }, reading(llamaConfig()));
  t.deepEqual(stated(70), []);
  t.deepEqual(stated(65), [
    "catalogue.acme-70b.parametersBillion: 65 is not what config.json counts, 70.55; correct it, or find out which model the file belongs to",
  ]);
});

test("a path with control characters makes up no lines of the message", (t) => {
  const found = faults({ "acme-70b": { ...entry, config: "a\nb: c" } }, reading(llamaConfig()));
  t.deepEqual(found, [
    'catalogue.acme-70b.config: "a\\nb: c": must be the path of a config.json, from the repository\'s root',
  ]);
});

test("a parser that the pinned engine lacks is refused, and one that it has reaches its command", (t) => {
  const told = faults(
    { "acme-70b": { ...entry, toolParser: "llama2_json" } },
    reading(llamaConfig()),
  );
  t.is(told.length, 1);
  t.regex(
    told[0] ?? "",
    /^catalogue\.acme-70b\.toolParser: "llama2_json" is no tool-call parser of vllm 0\.33\.0; choose one of .*\bllama3_json\b/,
  );
  const [model] = parse(
    { "acme-70b": { ...entry, toolParser: "pythonic" } },
    reading(llamaConfig()),
  ).models;
  t.is(model?.model.toolParser, "pythonic");
});

test("every fault of an entry is told at once", (t) => {
  const config = reading({ ...llamaConfig(), vocab_size: -1 });
  const bad = {
    ...entry,
    repository: "../x",
    licence: { url: "http://x.example" },
    toolParser: "x; rm",
    sliding: 1,
  };
  t.deepEqual(
    faults({ Acme_70B: bad }, config).map((line) => line.split(":")[0]),
    [
      'catalogue."Acme_70B"',
      'catalogue."Acme_70B".repository',
      'catalogue."Acme_70B".licence.name',
      'catalogue."Acme_70B".licence.url',
      'catalogue."Acme_70B".toolParser',
      'catalogue."Acme_70B".sliding',
      'catalogue."Acme_70B".config',
    ],
  );
});

for (const name of ["..", "a/b", "a..b", "-a", "A", "", "a".repeat(64), "a\nb"]) {
  test(`refused as the name of a model: ${JSON.stringify(name.slice(0, 8))}`, (t) => {
    const found = faults({ [name]: entry }, reading(llamaConfig()));
    t.is(found.length, 1);
    t.regex(found[0] ?? "", /is no name for a model/);
  });
}

test("a name that would be the folder of another checkpoint is refused", (t) => {
  const [fault] = faults({ "llama-3-70b-instruct-awq": entry }, reading(llamaConfig()));
  t.regex(fault ?? "", /ends in -awq, as the folder of a model in that precision does/);
});

test("a row of the catalogue keeps its name", (t) => {
  const declared = { "llama-3-70b-instruct": { ...entry, repository: "evil/llama" } };
  t.deepEqual(faults(declared, reading(llamaConfig())), [
    "catalogue.llama-3-70b-instruct: is a row of the catalogue already; choose another name",
  ]);
});

test("a catalogue that is no object is refused, and none at all is fine", (t) => {
  const stack = { ...devStack(), catalogue: "x" };
  t.throws(() => parseStack(stack, "private-llm"), { message: /catalogue: must be an object/ });
  t.notThrows(() => parseStack({ ...devStack(), catalogue: {} }, "private-llm"));
});
