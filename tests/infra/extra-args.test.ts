import test from "ava";
import * as fc from "fast-check";
import { vllmContract } from "../../components/engines/contract.ts";
import { tunableVllmFlags } from "../../components/engines/tunable-flags.ts";
import { vllmEngine } from "../../components/engines/vllm.ts";
import { extraArgFaults } from "../../infra/config/extra-args.ts";
import { ConfigError } from "../../infra/config/faults.ts";
import { parseStack } from "../../infra/config/parse.ts";
import { vllm } from "../../policies/engines/vllm.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { evaluate } from "../../policies/runner.ts";
import { engineArgs } from "../components/engines/engine-args.ts";
import { kube, settings } from "../policies/good-graph.ts";
import { digest } from "../policies/mutants/mutant.ts";
import { devStack } from "./dev-stack.ts";

const own = vllmEngine.command(engineArgs);

function faults(words: readonly string[], reviewed: readonly string[] = []): readonly string[] {
  const { tunableFlags: tunable } = vllmEngine;
  const rules = { command: own, tunable, profile: vllm, contract: vllmContract, reviewed };
  return extraArgFaults(words, rules).map(({ index, message }) => `${index}: ${message}`);
}

/** Whether a rule refuses the whole command line with these words at its end. */
function refusedByRules(words: readonly string[]): boolean {
  const image = `registry.internal/llm/vllm/vllm-openai@${digest}`;
  const pod = kube("core/v1:Pod", "tried", "inference", {
    spec: { containers: [{ name: "c", image, command: own, args: [...words] }] },
  });
  const { findings } = evaluate(graphOf([pod]), settings);
  return findings.some(({ path }) => /\.args\[/.test(path));
}

/** Ways in which the engine takes the same flag. */
function spellings(flag: string, value: string): readonly (readonly string[])[] {
  const [base = "", ...keys] = flag.split(".");
  const underscored = [`--${base.slice(2).replaceAll("-", "_")}`, ...keys].join(".");
  return [[`${flag}=${value}`], [flag, value], [`${underscored}=${value}`], [underscored, value]];
}

const risky = [...vllm.flags].filter(([, { risk }]) => risk !== undefined).map(([name]) => name);

test("no flag that a rule refuses can be passed, in any spelling, and whatever the site reviewed", (t) => {
  t.true(risky.length > 50);
  for (const name of risky) {
    const flag = name.replace(".*", ".x");
    for (const words of spellings(flag, "org/x")) {
      t.true(faults(words).length > 0, words.join(" "));
      t.true(faults(words, [...risky, flag]).length > 0, words.join(" "));
    }
    t.true(refusedByRules([`${flag}=org/x`]), flag);
  }
});

test("no short name of such a flag, and none of its keys inside JSON, can be passed", (t) => {
  const passed = [
    ["-ac", '{"backend":"x"}'],
    ["-cc", '{"backend":"x.y"}'],
    ["-sc", '{"model":"org/x"}'],
    ["--compilation_config.backend=x.y"],
    ['--hf-overrides={"auto_map":{"AutoModel":"x.Y"}}'],
    ['--kv-transfer-config={"kv_connector_module_path":"x.y"}'],
    ["--config=/models/flags.yaml"],
    ["--config", "/models/flags.yaml"],
    ["-O3"],
  ];
  for (const words of passed) t.true(faults(words).length > 0, words.join(" "));
});

test("a flag that the product sets cannot be set anew, on or off, in any spelling", (t) => {
  const flags = own.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] ?? "");
  t.true(flags.length > 15);
  for (const flag of flags) {
    const opposite = flag.startsWith("--no-") ? `--${flag.slice(5)}` : `--no-${flag.slice(2)}`;
    for (const words of [...spellings(flag, "1"), [flag], [opposite]]) {
      t.true(faults(words).length > 0, words.join(" "));
    }
  }
  t.regex(faults(["--max_num_seqs", "512"])[0] ?? "", /^0: --max-num-seqs is set by the product/);
  t.regex(faults(["-tp", "8"])[0] ?? "", /--tensor-parallel-size is set by the product/);
  t.regex(faults(["--enable-prefix-caching"])[0] ?? "", /--enable-prefix-caching is set by the/);
});

test("an abbreviation, which the engine would take, is refused, also where the site listed it", (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(vllmContract.flags)), fc.nat(), (flag, length) => {
      const short = flag.slice(0, 3 + (length % (flag.length - 3)));
      if (short in vllmContract.flags) return;
      for (const words of [[`${short}=1`], [short, "1"], [short]]) {
        t.true(faults(words, [short]).length > 0, words.join(" "));
      }
    }),
    { numRuns: 500 },
  );
});

test("whatever is neither a flag that may be added nor reviewed is refused", (t) => {
  for (const flag of Object.keys(vllmContract.flags)) {
    if (tunableVllmFlags.has(flag)) continue;
    for (const words of spellings(flag, "1")) t.true(faults(words).length > 0, words.join(" "));
  }
});

const values: Readonly<Record<string, string>> = { json: '{"top_k":[1,2]}', value: "1" };

test("every flag that may be added is the engine's, passes, and no rule refuses it", (t) => {
  for (const flag of tunableVllmFlags) {
    const takes = vllmContract.flags[flag] ?? "";
    t.true(flag in vllmContract.flags, flag);
    const words = takes === "nothing" ? [flag] : [`${flag}=${values[takes]}`];
    t.deepEqual(faults(words), [], flag);
    t.false(refusedByRules(words), flag);
  }
});

const refused: readonly (readonly [title: string, words: readonly string[], message: RegExp])[] = [
  ["a word without a flag", ["org/x"], /0: "org\/x" belongs to no flag/],
  ["a word behind a switch", ["--enforce-eager", "org/x"], /1: "org\/x" belongs to no flag/],
  ["an empty word", [""], /0: "" belongs to no flag/],
  ["an end of flags", ["--", "x"], /0: "--" would turn flags/],
  ["the key on the command line", ["--response-role=$(VLLM_API_KEY)"], /filled in from the env/],
  ["two lines in a word", ["--seed=1\n--trust-remote-code"], /control character/],
  ["a value for a switch", ["--enforce-eager=false"], /--enforce-eager takes no value/],
  ["no value", ["--seed"], /--seed has no value/],
  ["a flag given twice", ["--seed=1", "--seed", "2"], /--seed is given more than once/],
  ["no JSON", ["--override-generation-config=x"], /is no JSON that can be read/],
  ["a flag of memory", ["--block-size=32"], /--block-size is none that a stack may add/],
  ["prefixes kept for other tenants", ["--enable-prefix-caching"], /is set by the product/],
  ["a flag of several nodes", ["--nnodes=2"], /--nnodes decides what the product and its policies/],
  ["an address for traces", ["--otlp-traces-endpoint=x"], /--otlp-traces-endpoint decides what/],
];

for (const [title, words, message] of refused) {
  test(`refused: ${title}`, (t) => t.regex(faults(words).join("\n"), message));
}

test("a flag that the site has reviewed passes where it is written in full", (t) => {
  t.regex(faults(["--max-num-partial-prefills=2"]).join(""), /not among the reviewed flags/);
  t.deepEqual(faults(["--block-size=32"], ["--block-size"]), []);
  const unknown = Object.keys(vllmContract.flags).find((flag) => !vllm.flags.has(flag)) ?? "";
  t.regex(faults([`${unknown}=1`]).join(""), /not among the reviewed flags of vLLM/);
  t.not(unknown, "");
});

test("a fault names its place in the stack file, and a value stays out of the message", (t) => {
  const stack = devStack();
  stack.models = stack.models.map((model) => ({
    ...model,
    extraArgs: ["--enforce-eager", "--hf-token=hf_secret", "--trust_remote_code"],
  }));
  const error = t.throws(() => parseStack(stack, "private-llm"), { instanceOf: ConfigError });
  t.deepEqual(
    error?.faults.map(({ path }) => path.join(".")),
    ["models.0.extraArgs.1", "models.0.extraArgs.2"],
  );
  t.regex(
    error?.message ?? "",
    /--trust-remote-code runs code that lies beside the weights; remove/,
  );
  t.false(error?.message.includes("hf_secret"));
});

test("extra words reach the command line behind the product's own", (t) => {
  const args = {
    servedName: "m",
    weightsPath: "m/r",
    gpus: 1,
    contextTokens: 1,
    prefixCache: false,
  } as const;
  const extraArgs = ["--seed=7"];
  const words = vllmEngine.command({
    ...args,
    cachePrecision: "bf16",
    toolParser: undefined,
    extraArgs,
  });
  t.is(words.at(-1), "--seed=7");
});
