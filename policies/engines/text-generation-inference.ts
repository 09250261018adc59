import { commonVariables } from "./common-variables.ts";
import {
  type EngineProfile,
  type Entry,
  type FlagFacts,
  harmlessFlags,
  harmlessVariables,
  judgedVariables,
  riskyFlags,
  riskyVariables,
  type SettingFacts,
} from "./facts.ts";

const flags: readonly Entry<FlagFacts>[] = [
  ...harmlessFlags("nothing", "disable-custom-kernels disable-grammar-support json-output"),
  ...harmlessFlags(
    "value",
    `cuda-graphs cuda-memory-fraction dtype graceful-termination-timeout hostname kv-cache-dtype
    max-batch-prefill-tokens max-batch-size max-batch-total-tokens max-best-of
    max-client-batch-size max-concurrent-requests max-input-length max-input-tokens
    max-stop-sequences max-top-n-tokens max-total-tokens max-waiting-tokens num-shard payload-limit
    port prometheus-port quantize rope-factor rope-scaling sharded speculate usage-stats
    validation-workers waiting-served-ratio`,
  ),
  ...riskyFlags(
    "artefact",
    "value",
    "lora-adapters model-id tokenizer-config-path",
    "names what is loaded",
  ),
  ...riskyFlags("code", "nothing", "trust-remote-code", "runs code that lies beside the weights"),
  ...riskyFlags("logging", "nothing", "env", "prints the environment"),
  ...riskyFlags("surface", "nothing", "ngrok", "opens a tunnel to the outside"),
  ...riskyFlags("surface", "value", "ngrok-authtoken ngrok-edge", "opens a tunnel to the outside"),
  ...riskyFlags("surface", "value", "cors-allow-origin", "lets pages of other origins call it"),
  ["--otlp-endpoint", { takes: "value", topic: "trace" }],
  ...harmlessFlags("value", "otlp-service-name"),
  ...riskyFlags("key", "value", "api-key", "shows the key on the command line"),
  ...["--master-addr", "--master-port", "--shard-uds-path"].map(
    (name): Entry<FlagFacts> => [name, { takes: "value", topic: "channel" }],
  ),
];

/** Each flag is a variable as well. */
const variables: readonly Entry<SettingFacts>[] = [
  ...commonVariables,
  ...harmlessVariables(`CUDA_GRAPHS CUDA_MEMORY_FRACTION DTYPE HOSTNAME JSON_OUTPUT KV_CACHE_DTYPE
    MAX_BATCH_PREFILL_TOKENS MAX_BATCH_SIZE MAX_BATCH_TOTAL_TOKENS MAX_CONCURRENT_REQUESTS
    MAX_INPUT_TOKENS MAX_TOTAL_TOKENS MODEL_ID NUM_SHARD PORT QUANTIZE SHARDED USAGE_STATS`),
  ...judgedVariables("artefact", "LORA_ADAPTERS TOKENIZER_CONFIG_PATH"),
  ...riskyVariables("code", "TRUST_REMOTE_CODE", "runs code that lies beside the weights"),
  ...riskyVariables("surface", "NGROK NGROK_AUTHTOKEN NGROK_EDGE", "opens a tunnel to the outside"),
  ...riskyVariables("surface", "CORS_ALLOW_ORIGIN", "lets pages of other origins call it"),
  ...riskyVariables("logging", "DEBUG ENV LOG_LEVEL RUST_LOG", "prints what it is given"),
  ["OTLP_ENDPOINT", { topic: "trace" }],
  ["API_KEY", { topic: "key" }],
];

/** Source: docs/source/reference/launcher.md and router/src of text-generation-inference 3.3, read 2026-11. */
export const textGenerationInference: EngineProfile = {
  name: "Text Generation Inference",
  source: "3.3, 2026-11",
  id: "text-generation-inference",
  launchers: [[/(?:^|\/)text-generation-launcher$/]],
  hasEntryPoint: true,
  positional: "ignored",
  modelFlags: new Set(["--model-id"]),
  modelVariable: "MODEL_ID",
  port: 3000,
  keyVariable: "API_KEY",
  fileFlags: new Set(),
  aliases: new Map([
    ["-e", "--env"],
    ["-p", "--port"],
    ["-g", "--graceful-termination-timeout"],
  ]),
  flags: new Map(flags),
  variables: new Map(variables),
};
