import test from "ava";
import * as fc from "fast-check";
import { takesFlag, unknownUses, vllmContract } from "../../../components/engines/contract.ts";
import { vllmCommand, vllmEnvironment } from "../../../components/engines/vllm.ts";
import { vllmMetrics } from "../../../components/engines/vllm-metrics.ts";
import { catalogue } from "../../../components/lib/models/catalogue.ts";
import { images } from "../../../infra/versions.ts";
import { vllm } from "../../../policies/engines/vllm.ts";
import { engineArgs } from "./engine-args.ts";

const words = vllmCommand(engineArgs).slice(3);
const variables = vllmEnvironment("secret").flatMap(({ name }) =>
  typeof name === "string" ? [name] : [],
);
const metrics: readonly string[] = Object.values(vllmMetrics);
const uses = { words, variables, metrics };

/** Variables of the engine's libraries: the contract holds those of the engine's own sources. */
const ofLibraries: readonly string[] = [
  "HF_HUB_DISABLE_TELEMETRY",
  "HF_HUB_OFFLINE",
  "HOME",
  "NCCL_DEBUG",
  "TORCHINDUCTOR_CACHE_DIR",
  "TRANSFORMERS_OFFLINE",
  "TRITON_CACHE_DIR",
  "USER",
];

test("the contract is of the engine that is deployed, and was read in its sources", (t) => {
  t.is(`v${vllmContract.version}`, images.vllm.tag);
  t.true("vllm/engine/arg_utils.py" in vllmContract.sources);
  t.true(Object.keys(vllmContract.flags).length > 300);
  t.true(vllmContract.environment.length > 300);
});

test("every flag, variable and metric that is used is in the contract", (t) => {
  t.deepEqual(unknownUses(vllmContract, uses), []);
  t.true(words.length > 15);
  t.deepEqual(
    variables.filter((name) => !vllmContract.environment.includes(name)).toSorted(),
    ofLibraries,
  );
});

const mutants: readonly (readonly [title: string, change: Partial<typeof uses>, found: string])[] =
  [
    ["a misspelt flag", { words: [...words, "--max-num-seq=1"] }, "--max-num-seq"],
    ["a flag that is gone", { words: [...words, "--swap-space=4"] }, "--swap-space"],
    ["a value for a switch", { words: [...words, "--enforce-eager=1"] }, "--enforce-eager=1"],
    ["a switch off that is none", { words: [...words, "--no-max-num-seqs"] }, "--no-max-num-seqs"],
    ["a misspelt variable", { variables: ["VLLM_NO_USAGE_STAT"] }, "VLLM_NO_USAGE_STAT"],
    [
      "a metric that is gone",
      { metrics: ["vllm:gpu_cache_usage_perc"] },
      "vllm:gpu_cache_usage_perc",
    ],
    [
      "a histogram without its suffix",
      { metrics: ["vllm:e2e_request_latency_seconds"] },
      "vllm:e2e_request_latency_seconds",
    ],
  ];

for (const [title, change, found] of mutants) {
  test(`${title} is noticed`, (t) => {
    t.deepEqual(unknownUses(vllmContract, { ...uses, ...change }), [found]);
  });
}

test("no flag but those of the contract and their negations is taken", (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(vllmContract.flags)), fc.nat(3), (flag, cut) => {
      const shorter = flag.slice(0, flag.length - 1 - cut);
      t.is(takesFlag(vllmContract, shorter), shorter in vllmContract.flags);
      t.is(takesFlag(vllmContract, `--no-${flag.slice(2)}`), switches.has(flag));
    }),
  );
});

test("every parser of the catalogue is one of the engine's own", (t) => {
  const parsers = Object.values(catalogue).flatMap(({ toolParser }) => toolParser ?? []);
  t.deepEqual([...new Set(parsers)].toSorted(), ["hermes", "llama3_json", "mistral"]);
  t.deepEqual(
    parsers.filter((name) => !vllmContract.toolParsers.includes(name)),
    [],
  );
});

test("the engine is told of a parser only where the model has one", (t) => {
  const args = { ...engineArgs, extraArgs: ["--seed=1"] };
  const about = (toolParser: string | undefined) =>
    vllmCommand({ ...args, toolParser }).filter((word) => /tool|seed/.test(word));
  t.deepEqual(about(undefined), ["--seed=1"]);
  t.deepEqual(about("llama3_json"), [
    "--enable-auto-tool-choice",
    "--tool-call-parser=llama3_json",
    "--seed=1",
  ]);
});

const switches = new Set(
  Object.entries(vllmContract.flags)
    .filter(([, takes]) => takes === "nothing")
    .map(([name]) => name),
);

/** Where the rules read a flag otherwise than the engine; each is refused whatever its value. */
const readOtherwise: readonly string[] = [
  "--allowed-headers",
  "--allowed-methods",
  "--allowed-origins",
  "--hf-token",
];
/** Of releases before; a mistake of old, and still one. */
const gone: readonly string[] = ["--swap-space"];

test("the policies' table of flags says of each how many words belong to it, as the engine does", (t) => {
  const own = [...vllm.flags].filter(([name]) => !name.includes("."));
  const differ = own.filter(([name, { takes }]) => vllmContract.flags[name] !== takes);
  t.deepEqual(differ.map(([name]) => name).toSorted(), [...readOtherwise, ...gone].toSorted());
  for (const [name, { risk, safe }] of differ) {
    t.true(risk !== undefined && safe === undefined, name);
  }
});

test("the policies know each short and other spelling only as the engine does", (t) => {
  for (const [alias, name] of vllm.aliases) t.is(vllmContract.aliases[alias], name, alias);
});
