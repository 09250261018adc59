import { unknown } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import {
  commandMutant,
  podMutant,
  sourceMutant,
  unknownEngine,
  variableMutant,
  wordsMutant,
} from "./engine-command.ts";
import { added, digest, engine, engineMutant, enginePath, type Mutant } from "./mutant.ts";

const rule = "A03";

export const foreignCode: readonly Mutant[] = [
  wordsMutant(rule, "remote code", ["--trust-remote-code"]),
  wordsMutant(rule, "remote code with underscores", ["--trust_remote_code"]),
  wordsMutant(rule, "remote code, abbreviated", ["--trust-remote"]),
  wordsMutant(
    rule,
    "remote code, turned off and on",
    ["--no-trust-remote-code", "--trust-remote-code"],
    1,
  ),
  wordsMutant(rule, "a plug-in for tools", ["--tool-parser-plugin=/models/plugin.py"]),
  wordsMutant(rule, "a class for workers", ["--worker-cls", "mine.Worker"]),
  wordsMutant(rule, "a class for the executor", ["--distributed-executor-backend=mine.Executor"]),
  wordsMutant(rule, "middleware", ["--middleware", "mine.log"]),
  wordsMutant(rule, "a compiler inside JSON", [
    "--compilation-config",
    '{"backend":"mine.compile"}',
  ]),
  wordsMutant(rule, "a compiler behind a dot", ["-cc.backend=mine.compile"]),
  wordsMutant(rule, "a key of JSON that nobody reviewed", [
    '--speculative-config={"draft_load_config":{}, "x":1}',
  ]),
  wordsMutant(rule, "remote code in overrides", [
    "--hf-overrides",
    '{"auto_map":{"AutoModel":"a.B"}}',
  ]),
  wordsMutant(rule, "a module for blocks of the cache", [
    "--kv-transfer-config",
    '{"kv_connector_module_path":"a.b"}',
  ]),
  wordsMutant(rule, "JSON that cannot be read", ["--hf-overrides", "{auto_map: x}"], 1),
  wordsMutant(rule, "a file of flags", ["--config", "/models/flags.yaml"]),
  wordsMutant(rule, "a flag that nobody reviewed", ["--brand-new"]),
  wordsMutant(rule, "a flag from the environment", ["$(EXTRA)"]),
  wordsMutant(rule, "an unknown word", [unknown]),
  wordsMutant(rule, "weights by a loader that fetches", ["--load-format=runai_streamer"]),
  commandMutant(
    rule,
    "a script around the engine",
    ["sh", "-c", "vllm serve /models/llama"],
    "command[2]",
  ),
  commandMutant(
    rule,
    "variables in front of the engine",
    ["env", "A=b", "vllm", "serve", "/m"],
    "command",
  ),
  commandMutant(rule, "a file that starts the engine", ["/scripts/start.sh"], "command"),
  variableMutant(
    rule,
    "a library in front of all others",
    { name: "LD_PRELOAD", value: "/models/a.so" },
    "value",
  ),
  variableMutant(rule, "modules from a volume", { name: "PYTHONPATH", value: "/models" }, "value"),
  variableMutant(rule, "plug-ins by name", { name: "VLLM_PLUGINS", value: "mine" }, "value"),
  variableMutant(
    rule,
    "a variable that nobody reviewed",
    { name: "CUTE_DSL_PTXAS_PATH", value: "/models/x" },
    "name",
  ),
  variableMutant(rule, "a variable of unknown name", { name: unknown, value: "0" }, "name"),
  sourceMutant(rule),
  engineMutant(
    rule,
    "a volume over the image's packages",
    [...engine, "volumeMounts"],
    [{ name: "scratch", mountPath: "/usr/lib/python3/dist-packages/vllm" }],
    `${enginePath}.volumeMounts[0].mountPath`,
  ),
  engineMutant(
    rule,
    "a volume over the image's packages, by a way round",
    [...engine, "volumeMounts"],
    [{ name: "scratch", mountPath: "/models/../usr/local/bin" }],
    `${enginePath}.volumeMounts[0].mountPath`,
  ),
  unknownEngine(rule),
  podMutant(
    rule,
    "a GPU that nobody knows the use of",
    { resources: { limits: { "nvidia.com/gpu": 1 } } },
    "image",
  ),
  podMutant(rule, "an engine known by its flags alone", { args: ["--max-model-len=8"] }, "image"),
  podMutant(
    rule,
    "a GPU that the container runtime gives",
    { env: [{ name: "NVIDIA_VISIBLE_DEVICES", value: "all" }] },
    "image",
  ),
  podMutant(
    rule,
    "SGLang with remote code",
    {
      command: [
        "python3",
        "-m",
        "sglang.launch_server",
        "--model-path",
        "/m",
        "--trust-remote-code",
      ],
    },
    "command[5]",
  ),
  podMutant(
    rule,
    "TensorRT-LLM with modules of its own",
    { command: ["trtllm-serve", "/m", "--custom_module_dirs", "/x"] },
    "command[2]",
  ),
  podMutant(
    rule,
    "TGI with remote code by a variable",
    {
      image: `registry.internal/llm/text-generation-inference@${digest}`,
      args: ["--model-id=/m"],
      env: [{ name: "TRUST_REMOTE_CODE", value: "true" }],
    },
    "env[0].value",
  ),
  added(
    rule,
    "an unread start of an init container that stays",
    kube("core/v1:Pod", "late", "inference", {
      spec: {
        initContainers: [
          {
            name: "c",
            restartPolicy: "Always",
            image: `registry.internal/llm/vllm@${digest}`,
            command: ["/start"],
          },
        ],
      },
    }),
    "Pod inference/late",
    "spec.initContainers[0].command",
  ),
  added(
    rule,
    "remote code in an init container that stays",
    kube("batch/v1:CronJob", "late", "inference", {
      spec: {
        jobTemplate: {
          spec: {
            template: {
              spec: {
                initContainers: [
                  {
                    name: "c",
                    restartPolicy: "Always",
                    image: `registry.internal/llm/vllm@${digest}`,
                    args: ["/m", "--trust-remote-code"],
                  },
                ],
              },
            },
          },
        },
      },
    }),
    "CronJob inference/late",
    "spec.jobTemplate.spec.template.spec.initContainers[0].args[1]",
  ),
];
