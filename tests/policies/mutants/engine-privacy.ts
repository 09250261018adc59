import { unknown } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import {
  commandMutant,
  podMutant,
  sourceMutant,
  unknownEngine,
  variableMutant,
  withoutFlag,
  withoutVariable,
  wordsMutant,
} from "./engine-command.ts";
import { added, digest, type Mutant } from "./mutant.ts";

export const media: readonly Mutant[] = [
  withoutFlag("A04", "no list of domains", "--allowed-media", "args"),
  wordsMutant(
    "A04",
    "one more domain",
    ["--allowed-media-domains", "none.invalid", "example.com"],
    2,
  ),
  commandMutant(
    "A04",
    "a list that ends before it begins",
    ["vllm", "serve", "/models/llama", "--allowed-media-domains"],
    "command[3]",
  ),
  wordsMutant("A04", "an empty domain", ["--allowed-media-domains="]),
  wordsMutant("A04", "a list without a domain", ["--allowed-media-domains", "$(DOMAINS)"], 1),
  wordsMutant("A04", "files of the container", ["--allowed-local-media-path=/models"]),
  wordsMutant("A04", "files of the container, with underscores", [
    "--allowed_local_media_path",
    "/",
  ]),
  commandMutant(
    "A04",
    "a limit of zero in place of a list",
    ["vllm", "serve", "/models/llama", "--limit-mm-per-prompt", '{"image":0}'],
    "args",
  ),
  withoutVariable("A04", "redirects by default", "VLLM_MEDIA_URL_ALLOW_REDIRECTS"),
  variableMutant(
    "A04",
    "redirects on again",
    { name: "VLLM_MEDIA_URL_ALLOW_REDIRECTS", value: "1" },
    "value",
  ),
  variableMutant(
    "A04",
    "another connector",
    { name: "VLLM_MEDIA_CONNECTOR", value: "mine" },
    "value",
  ),
  podMutant(
    "A04",
    "an engine without such a list",
    {
      image: `registry.internal/llm/text-generation-inference@${digest}`,
      args: ["--model-id=/m"],
    },
    "image",
  ),
  podMutant(
    "A04",
    "SGLang without a list",
    { command: ["python3", "-m", "sglang.launch_server", "--model-path=/m"] },
    "args",
  ),
  unknownEngine("A04"),
];

export const engineLogs: readonly Mutant[] = [
  wordsMutant("A05", "requests in the log", ["--enable-log-requests"]),
  wordsMutant("A05", "answers in the log", ["--enable_log_outputs"]),
  wordsMutant("A05", "a talkative level", ["--log-level", "DEBUG"]),
  wordsMutant("A05", "a talkative server", ["--uvicorn-log-level=trace"]),
  wordsMutant("A05", "a level from the environment", ["--log-level=$(LEVEL)"]),
  wordsMutant("A05", "a file that says what is logged", ["--log-config-file=/m/log.json"]),
  wordsMutant("A05", "levels inside JSON", ["--logging-config", '{"log_level":"DEBUG"}']),
  variableMutant(
    "A05",
    "a level by a variable",
    { name: "VLLM_LOGGING_LEVEL", value: "debug" },
    "value",
  ),
  variableMutant(
    "A05",
    "bodies at the level that is shown",
    { name: "VLLM_REQUEST_BODY_LOG_LEVEL", value: "INFO" },
    "value",
  ),
  variableMutant(
    "A05",
    "answers for debugging",
    { name: "VLLM_DEBUG_LOG_API_SERVER_RESPONSE", value: "True" },
    "value",
  ),
  variableMutant(
    "A05",
    "a level from elsewhere",
    { name: "VLLM_LOGGING_LEVEL", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } },
    "valueFrom",
  ),
  wordsMutant("A05", "a file of flags", ["--config", "/models/flags.yaml"]),
  sourceMutant("A05"),
  podMutant(
    "A05",
    "SGLang with requests in its log",
    { command: ["python3", "-m", "sglang.launch_server", "--log-requests"] },
    "command[3]",
  ),
];

export const tools: readonly Mutant[] = [
  wordsMutant("A06", "the demonstration tools", ["--tool-server", "demo"]),
  wordsMutant("A06", "a server of tools", ["--tool_server=10.0.0.1:8000"]),
  variableMutant(
    "A06",
    "a code interpreter",
    { name: "VLLM_GPT_OSS_SYSTEM_TOOL_MCP_LABELS", value: "code_interpreter" },
    "value",
  ),
  variableMutant("A06", "a browser", { name: "EXA_API_KEY", value: "x" }, "value"),
  sourceMutant("A06"),
  added(
    "A06",
    "a route to tools",
    kube("aigateway.envoyproxy.io/v1beta1:MCPRoute", "tools", "gateway", { spec: {} }),
    "MCPRoute gateway/tools",
    "kind",
  ),
  podMutant(
    "A06",
    "SGLang with tools",
    { command: ["python3", "-m", "sglang.launch_server", "--tool-server", "demo"] },
    "command[3]",
  ),
];

export const surface: readonly Mutant[] = [
  wordsMutant("A07", "tensors as prompts", ["--enable-prompt-embeds"]),
  wordsMutant("A07", "tensors as media", ["--enable-mm-embeds"]),
  wordsMutant("A07", "a profiler", ["--profiler-config", '{"profiler":"torch"}']),
  wordsMutant("A07", "a profiler behind a dot", ["--profiler-config.profiler=torch"]),
  wordsMutant("A07", "endpoints of fault tolerance", ["--enable-fault-tolerance"]),
  wordsMutant("A07", "a template in a request", ["--trust-request-chat-template"]),
  wordsMutant("A07", "a second protocol", ["--grpc-port=50051"]),
  variableMutant("A07", "development mode", { name: "VLLM_SERVER_DEV_MODE", value: "1" }, "value"),
  variableMutant(
    "A07",
    "development mode, unknown",
    { name: "VLLM_SERVER_DEV_MODE", value: unknown },
    "value",
  ),
  variableMutant(
    "A07",
    "adapters at run time",
    { name: "VLLM_ALLOW_RUNTIME_LORA_UPDATING", value: "true" },
    "value",
  ),
  variableMutant(
    "A07",
    "messages that run code",
    { name: "VLLM_ALLOW_INSECURE_SERIALIZATION", value: "1" },
    "value",
  ),
  variableMutant(
    "A07",
    "weights that run code",
    { name: "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", value: "1" },
    "value",
  ),
  podMutant(
    "A07",
    "TGI with a tunnel",
    { image: `registry.internal/llm/text-generation-inference@${digest}`, args: ["--ngrok"] },
    "args[0]",
  ),
  unknownEngine("A07"),
];
