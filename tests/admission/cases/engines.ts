import { vllmCommand, vllmEnvironment } from "../../../components/model-server/vllm.ts";
import type { Value, ValueObject } from "../../../policies/model/value.ts";
import {
  changedObject,
  changedTemplate,
  container,
  type Refusal,
  registry,
  type Sent,
  workloads,
} from "../support/objects.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const model = "/models/llama/0123";
const command = vllmCommand({
  servedName: "llama",
  weightsPath: "llama/0123",
  gpus: 8,
  contextTokens: 8192,
});
const env: readonly ValueObject[] = JSON.parse(JSON.stringify(vllmEnvironment("key")));

/** The engine as the product starts it. */
const engine: ValueObject = {
  ...container,
  name: "engine",
  image: `${registry}/docker.io/vllm/vllm-openai@${digest}`,
  command,
  env,
  resources: { limits: { "nvidia.com/gpu": "8" } },
  volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
};

function withEngine(fields: Readonly<Record<string, Value>>): Sent {
  return changedTemplate(["spec", "containers"], [{ ...engine, ...fields }]);
}

/** The engine's command with more words, or with others in place of some. */
function words(rule: string, title: string, ...more: readonly string[]): Refusal {
  return { rule, title, object: withEngine({ command: [...command, ...more] }) };
}

function line(rule: string, title: string, change: readonly string[]): Refusal {
  return { rule, title, object: withEngine({ command: change }) };
}

function variable(rule: string, title: string, ...entries: readonly ValueObject[]): Refusal {
  const names = new Set(entries.map(({ name }) => name));
  const kept = env.filter(({ name }) => !names.has(name));
  return { rule, title, object: withEngine({ env: [...kept, ...entries] }) };
}

function lacking(...names: readonly string[]): readonly ValueObject[] {
  return env.filter(({ name }) => typeof name === "string" && !names.includes(name));
}

const secret = { secretKeyRef: { name: "s", key: "k" } };

const offline: readonly Refusal[] = [
  {
    rule: "A01",
    title: "no switch of usage reports",
    object: withEngine({ env: lacking("VLLM_NO_USAGE_STATS", "DO_NOT_TRACK") }),
  },
  variable(
    "A01",
    "switches off",
    { name: "VLLM_NO_USAGE_STATS", value: "0" },
    { name: "DO_NOT_TRACK", value: "true" },
  ),
  variable(
    "A01",
    "switches that a Secret decides",
    { name: "VLLM_NO_USAGE_STATS", valueFrom: secret },
    { name: "DO_NOT_TRACK", valueFrom: secret },
  ),
  variable("A01", "another server of usage reports", { name: "VLLM_USAGE_STATS_SERVER" }),
  {
    rule: "A02",
    title: "no offline switch",
    object: withEngine({ env: lacking("HF_HUB_OFFLINE") }),
  },
  variable("A02", "offline switch off", { name: "TRANSFORMERS_OFFLINE", value: "0" }),
  {
    rule: "A02",
    title: "kernels fetched at the start",
    object: withEngine({ env: lacking("VLLM_USE_FLASHINFER_SAMPLER") }),
  },
  variable("A02", "another hub", { name: "VLLM_USE_MODELSCOPE", value: "True" }),
  variable("A02", "token of a hub", { name: "HF_TOKEN", valueFrom: secret }),
];

const models: readonly Refusal[] = [
  line(
    "A02",
    "model of a hub",
    command.map((word) => (word === model ? "meta-llama/Llama-3" : word)),
  ),
  line(
    "A02",
    "model by a bare name",
    command.map((word) => (word === model ? "gpt2" : word)),
  ),
  line(
    "A02",
    "no model",
    command.filter((word) => word !== model),
  ),
  words("A02", "model by a flag", "--model=meta-llama/Llama-3"),
  words("A02", "model behind a flag", "--model", "meta-llama/Llama-3"),
  words("A02", "another model behind a switch", "--enforce-eager", "gpt2"),
  words("A02", "tokenizer of a hub", "--tokenizer", "meta-llama/Llama-3"),
  words("A02", "draft model of a hub", '--speculative-config={"model": "meta-llama/Llama-3"}'),
  words("A02", "draft model by a dotted key", "--speculative-config.model=meta-llama/Llama-3"),
  words("A02", "adapter of a hub", "--enable-lora", "--lora-modules", "a=org/adapter"),
  words("A02", "address as a model", "--model=https://example.com/m"),
];

const code: readonly Refusal[] = [
  words("A03", "remote code", "--trust-remote-code"),
  words("A03", "remote code with underscores", "--trust_remote_code"),
  words("A03", "remote code by an abbreviation", "--trust-remote"),
  words("A03", "plug-in", "--tool-parser-plugin=/tmp/p.py"),
  words("A03", "middleware", "--middleware", "a.b"),
  words("A03", "loader of its own", "--load-format=mine"),
  words(
    "A03",
    "loader of its own behind a sound one",
    "--load-format=auto",
    "--load-format",
    "mine",
  ),
  words("A03", "code named in JSON", '--hf-overrides={"auto_map": {"a": "b"}}'),
  words("A03", "code named by a dotted key", "--hf-overrides.auto_map.AutoModel=a--b"),
  words("A03", "key hidden by an escape", '--hf-overrides={"\\u0061uto_map": {"a": "b"}}'),
  words("A03", "flags from a file", "--config=/tmp/flags.yaml"),
  words("A03", "flags from a variable", "$(MORE)"),
  words("A03", "flag that nobody reviewed", "--brand-new-flag"),
  line("A03|W05", "shell around the engine", ["sh", "-c", command.join(" ")]),
  line("A03", "other variables before the engine", ["env", "VLLM_PLUGINS=x", ...command]),
  line("A03", "another program of the image", ["python3", "-m", "vllm.entrypoints.other", model]),
  variable("A03", "plug-ins by variable", { name: "VLLM_PLUGINS", value: "mine" }),
  variable("A03", "plug-ins from a Secret", { name: "VLLM_PLUGINS", valueFrom: secret }),
  variable("A03", "path of modules", { name: "PYTHONPATH", value: "/tmp" }),
  variable("A03", "variable that nobody reviewed", { name: "VLLM_BRAND_NEW", value: "1" }),
  {
    rule: "A03",
    title: "variables of a whole ConfigMap",
    object: withEngine({ envFrom: [{ prefix: "Z_", configMapRef: { name: "c" } }] }),
  },
  {
    rule: "A03",
    title: "volume over the engine's code",
    object: withEngine({ volumeMounts: [{ name: "tmp", mountPath: "/usr/lib/python3" }] }),
  },
  {
    rule: "A03",
    title: "volume over code by a path with dots",
    object: withEngine({ volumeMounts: [{ name: "tmp", mountPath: "/tmp/../usr/lib" }] }),
  },
  {
    rule: "A03",
    title: "working directory on a volume",
    object: withEngine({ workingDir: "/tmp/a" }),
  },
];

const surface: readonly Refusal[] = [
  variable("A04", "redirects of media", { name: "VLLM_MEDIA_URL_ALLOW_REDIRECTS", value: "1" }),
  line(
    "A04",
    "media from everywhere",
    command.filter((word) => !word.includes("media-domains")),
  ),
  words("A04", "media from another domain", "--allowed-media-domains=evil.example"),
  words(
    "A04",
    "media from a second domain",
    "--allowed-media-domains",
    "none.invalid",
    "evil.example",
  ),
  words("A04", "files of the container as media", "--allowed-local-media-path=/"),
  words("A05", "requests in the log", "--enable-log-requests"),
  words("A05", "debugging level", "--log-level=debug"),
  words("A05", "debugging level as a word of its own", "--uvicorn_log_level", "trace"),
  variable("A05", "debugging level by variable", { name: "VLLM_LOGGING_LEVEL", value: "DEBUG" }),
  variable("A05", "calls in the log", { name: "VLLM_TRACE_FUNCTION", value: "1" }),
  words("A06", "tool server", "--tool-server=demo"),
  variable("A06", "browser", { name: "GPT_OSS_BROWSER_BACKEND", value: "exa" }),
  variable("A07", "endpoints of developers", { name: "VLLM_SERVER_DEV_MODE", value: "1" }),
  variable("A07", "adapters at run time", {
    name: "VLLM_ALLOW_RUNTIME_LORA_UPDATING",
    value: "True",
  }),
  words("A07", "tensors from clients", "--enable-prompt-embeds"),
  words("A07", "profiler", "--profiler-config={}"),
];

/** Engines that do not look like one. */
const disguises: readonly Refusal[] = [
  {
    rule: "A01",
    title: "engine in an image of another name",
    object: withEngine({ image: `${registry}/team/app@${digest}`, env: [] }),
  },
  {
    rule: "A01",
    title: "GPU without a known engine",
    object: withEngine({ image: `${registry}/team/app@${digest}`, command: ["serve-it"], env: [] }),
  },
  {
    rule: "A03",
    title: "GPU for a program that nobody knows",
    object: withEngine({ image: `${registry}/team/app@${digest}`, command: ["serve-it"] }),
  },
  {
    rule: "A01",
    title: "GPU by a variable of the runtime",
    object: withEngine({
      image: `${registry}/team/app@${digest}`,
      command: ["serve-it"],
      resources: {},
      env: [{ name: "NVIDIA_VISIBLE_DEVICES", value: "all" }],
    }),
  },
  {
    rule: "A05",
    title: "engine as a sidecar that starts first",
    object: changedTemplate(
      ["spec", "initContainers"],
      [
        {
          ...engine,
          name: "added",
          command: [...command, "--enable-log-requests"],
          restartPolicy: "Always",
        },
      ],
    ),
  },
  {
    rule: "A03",
    title: "remote code for another engine",
    object: withEngine({
      image: `${registry}/lmsysorg/sglang@${digest}`,
      command: [
        "python3",
        "-m",
        "sglang.launch_server",
        "--model-path",
        "/m",
        "--trust-remote-code",
      ],
    }),
  },
];

/** The same breach in every kind that makes pods. */
const everyKind: readonly Refusal[] = workloads.map(({ object: sent, spec: path }) => ({
  rule: "A07",
  title: `endpoints of developers in a ${sent.kind}`,
  object: changedObject(
    sent,
    [...path, "containers"],
    [{ ...engine, env: [...env, { name: "VLLM_SERVER_DEV_MODE", value: "1" }] }],
  ),
}));

export const engineRefusals: readonly Refusal[] = [
  ...offline,
  ...models,
  ...code,
  ...surface,
  ...disguises,
  ...everyKind,
];

export const enginePasses: readonly Sent[] = [
  withEngine({}),
  withEngine({
    command: [
      ...command,
      "--log-level",
      "info",
      "--load-format=safetensors",
      "--no-enable-log-requests",
      "--served-model-name",
      "org/name",
      "--seed",
      "-1",
      '--limit-mm-per-prompt={"image": 0}',
      '--speculative-config={"model": "/models/draft", "num_speculative_tokens": 3}',
    ],
  }),
  withEngine({
    command: [
      "python3",
      "-m",
      "vllm.entrypoints.openai.api_server",
      "--model",
      model,
      ...command.slice(3),
    ],
  }),
  withEngine({ command: [], args: command.slice(2) }),
  changedTemplate(
    ["spec", "initContainers"],
    [
      {
        ...engine,
        name: "verify",
        command: ["python3", "/opt/check.py", "/models"],
        env: [],
        resources: {},
      },
    ],
  ),
  changedTemplate(
    ["spec", "containers"],
    [{ ...container, command: ["tool", "--upstream=llama.inference.svc:8000"] }],
  ),
];
