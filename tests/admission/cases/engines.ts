import {
  command,
  lacking,
  line,
  model,
  secret,
  variable,
  withEngine,
  words,
} from "../support/engine.ts";
import type { Refusal } from "../support/objects.ts";

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

export const engineRefusals: readonly Refusal[] = [...offline, ...models, ...code, ...surface];
