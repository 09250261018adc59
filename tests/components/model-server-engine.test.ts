import test from "ava";
import * as fc from "fast-check";
import { weightsGb } from "../../components/lib/fit/weights.ts";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import {
  oneTokenCommand,
  probeSeconds,
  restartSeconds,
} from "../../components/lib/one-token-probe.ts";
import { startupBudgetSeconds } from "../../components/lib/start-up.ts";
import { at, entries, gib, list, number, text } from "./lib/look.ts";
import { command, container, deployment, flag, pod } from "./model-server-fixture.ts";

for (const gpus of [1, 2, 4, 8]) {
  test(`with ${gpus} GPUs, request, limit and tensor parallelism are ${gpus}`, async (t) => {
    const resources = at(await container({ gpus }), "resources");
    t.is(at(resources, "requests", "nvidia.com/gpu"), String(gpus));
    t.is(at(resources, "limits", "nvidia.com/gpu"), String(gpus));
    t.is(flag(await command({ gpus }), "tensor-parallel-size"), String(gpus));
  });

  test(`with ${gpus} GPUs, the memory limit holds every volume in memory beside the engine`, async (t) => {
    const inMemory = list(await pod({ gpus }), "volumes")
      .filter((volume) => at(volume, "emptyDir") !== undefined)
      .reduce<number>((sum, volume) => sum + gib(volume, "emptyDir", "sizeLimit"), 0);
    const { requests, limits } = Object.fromEntries(
      entries(await container({ gpus }), "resources"),
    );
    t.deepEqual(requests, limits);
    t.is(gib(limits, "memory") - inMemory, 32 * gpus);
  });
}

test("the engine is started without a shell, on an absolute path to its weights", async (t) => {
  t.deepEqual((await command()).slice(0, 3), [
    "vllm",
    "serve",
    "/models/llama-3-70b-instruct/0123abc",
  ]);
});

test("the command line says what the arguments say", async (t) => {
  const words = await command({ contextTokens: 4096 });
  t.is(flag(words, "served-model-name"), "llama-public");
  t.is(flag(words, "max-model-len"), "4096");
  t.is(flag(words, "port"), "8000");
});

/** Flags with a reason to be set, read in the engine's 0.33.0 `engine/arg_utils.py` and `entrypoints/common/cli_args.py`, 2026-11. */
const reviewedFlags = new Set(
  `served-model-name host port tensor-parallel-size dtype max-model-len gpu-memory-utilization
  max-num-seqs max-num-batched-tokens max-num-queued-reqs max-num-queued-tokens
  enable-prompt-tokens-details enable-force-include-usage shutdown-timeout
  disable-access-log-for-endpoints disable-fastapi-docs fingerprint-mode
  kv-cache-dtype safetensors-load-strategy fail-on-environ-validation sse-keep-alive-interval kv-cache-metrics
  no-enable-prefix-caching allowed-media-domains enable-mfu-metrics ssl-certfile ssl-keyfile enable-ssl-refresh ssl-ca-certs ssl-cert-reqs`
    .trim()
    .split(/\s+/),
);

test("every flag is one that was reviewed, and none is given twice", async (t) => {
  const names = (await command())
    .slice(3)
    .map((word) => /^--([a-z0-9-]+)(=.+)?$/.exec(word)?.[1] ?? `not a flag: ${word}`);
  t.deepEqual(
    names.filter((name) => !reviewedFlags.has(name)),
    [],
  );
  t.is(new Set(names).size, names.length);
});

test("the engine fetches no media and keeps no prefixes of prompts for other requests", async (t) => {
  const words = await command();
  t.is(flag(words, "allowed-media-domains"), "none.invalid");
  t.true(words.includes("--no-enable-prefix-caching"));
});

test("the version of the engine is a label of its pods, and selects nothing", async (t) => {
  const { inputs } = await deployment({ engineVersion: "0.34.1" });
  const label = ["app.kubernetes.io/version"];
  t.is(at(inputs, "spec", "template", "metadata", "labels", ...label), "0.34.1");
  t.is(at(inputs, "spec", "selector", "matchLabels", ...label), undefined);
});

test("the engine publishes neither its documentation nor a fingerprint and counts tokens in streams", async (t) => {
  const words = await command();
  t.is(flag(words, "fingerprint-mode"), "none");
  for (const word of [
    "--disable-fastapi-docs",
    "--enable-force-include-usage",
    "--enable-prompt-tokens-details",
    "--fail-on-environ-validation",
  ]) {
    t.true(words.includes(word), word);
  }
});

async function environment(): Promise<ReadonlyMap<string, unknown>> {
  return new Map(
    list(await container(), "env").map((variable) => [
      text(variable, "name"),
      at(variable, "value") ?? at(variable, "valueFrom"),
    ]),
  );
}

test("the engine works offline, reports nothing and logs no prompt", async (t) => {
  const variables = await environment();
  const wanted = {
    HF_HUB_OFFLINE: "1",
    TRANSFORMERS_OFFLINE: "1",
    HF_HUB_DISABLE_TELEMETRY: "1",
    VLLM_NO_USAGE_STATS: "1",
    DO_NOT_TRACK: "1",
    VLLM_USE_FLASHINFER_SAMPLER: "0",
    VLLM_MEDIA_URL_ALLOW_REDIRECTS: "0",
    VLLM_LOGGING_LEVEL: "INFO",
    NCCL_DEBUG: "WARN",
  };
  for (const [name, value] of Object.entries(wanted)) t.is(variables.get(name), value, name);
});

test("home and caches lie on the pod's own scratch volume", async (t) => {
  const variables = await environment();
  for (const name of [
    "HOME",
    "VLLM_CACHE_ROOT",
    "XDG_CACHE_HOME",
    "TRITON_CACHE_DIR",
    "TORCHINDUCTOR_CACHE_DIR",
  ]) {
    t.regex(String(variables.get(name)), /^\/scratch(\/|$)/, name);
  }
});

test("no variable switches a forbidden path of the engine on", async (t) => {
  // The engine refuses unknown names with its prefix, and what this list does not hold is not needed.
  const reviewed = new Set([
    "VLLM_API_KEY",
    "VLLM_CACHE_ROOT",
    "VLLM_ENGINE_READY_TIMEOUT_S",
    "VLLM_LOGGING_LEVEL",
    "VLLM_MEDIA_URL_ALLOW_REDIRECTS",
    "VLLM_NO_USAGE_STATS",
    "VLLM_USE_FLASHINFER_SAMPLER",
  ]);
  const set = [...(await environment()).keys()].filter((name) => name.startsWith("VLLM_"));
  t.deepEqual(
    set.filter((name) => !reviewed.has(name)),
    [],
  );
});

test("the API key reaches the engine from its Secret alone", async (t) => {
  const fromElsewhere = [...(await environment())].filter(([, value]) => typeof value !== "string");
  t.deepEqual(fromElsewhere, [
    ["VLLM_API_KEY", { secretKeyRef: { name: "llama-api-key", key: "api-key" } }],
  ]);
});

test("a stopping pod outlives the drain of its endpoint and of its requests", async (t) => {
  const spec = await pod();
  const preStop = number(await container(), "lifecycle", "preStop", "sleep", "seconds");
  const shutdown = Number(flag(await command(), "shutdown-timeout"));
  t.true(preStop > 0);
  t.true(shutdown > 0);
  t.true(number(spec, "terminationGracePeriodSeconds") > preStop + shutdown);
});

test("the start-up budget covers reading the weights at 1 GB/s and compiling, whatever the size", (t) => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 2_000, noNaN: true }), (gigabytes) => {
      t.true(startupBudgetSeconds(gigabytes) >= gigabytes + 60);
    }),
  );
  t.is(startupBudgetSeconds(141.1), 442);
});

test("the start-up probe waits for the whole budget", async (t) => {
  const probe = at(await container(), "startupProbe");
  t.deepEqual(at(probe, "httpGet"), { path: "/health", port: "http" });
  t.true(number(probe, "periodSeconds") * number(probe, "failureThreshold") >= 442);
  t.is(at(probe, "initialDelaySeconds"), undefined);
});

for (const [model, { shape }] of Object.entries(catalogue)) {
  test(`the engine waits for its workers as long as the start of ${model} may take`, async (t) => {
    const ready = Number((await environment()).get("VLLM_ENGINE_READY_TIMEOUT_S"));
    t.true(ready >= startupBudgetSeconds(weightsGb(shape, "bf16")));
  });
}

test("readiness follows the engine's health closely", async (t) => {
  t.deepEqual(at(await container(), "readinessProbe"), {
    httpGet: { path: "/health", port: "http" },
    periodSeconds: 5,
    failureThreshold: 2,
    timeoutSeconds: 3,
  });
});

test("liveness asks for a token and never for health alone", async (t) => {
  const probe = at(await container({ servedName: 'odd"name' }), "livenessProbe");
  t.deepEqual(
    entries(probe).map(([key]) => key),
    ["exec", "failureThreshold", "periodSeconds", "timeoutSeconds"],
  );
  const words = list(probe, "exec", "command").map((word) => text(word));
  t.deepEqual(words, oneTokenCommand({ servedName: 'odd"name', port: 8000 }));
});

test("a dead engine is restarted within a quarter of an hour, and a check is never cut off", async (t) => {
  const probe = at(await container(), "livenessProbe");
  const [periodSeconds, timeoutSeconds, failureThreshold] = [
    number(probe, "periodSeconds"),
    number(probe, "timeoutSeconds"),
    number(probe, "failureThreshold"),
  ];
  t.true(timeoutSeconds > probeSeconds());
  t.is(restartSeconds({ periodSeconds, timeoutSeconds, failureThreshold }), 660);
});

test("neither a shell nor the key is on the command line of a probe", async (t) => {
  const engine = await container();
  t.deepEqual(text(engine, "livenessProbe", "exec", "command", 0), "python3");
  t.false(JSON.stringify(at(engine, "livenessProbe")).includes("api-key"));
});
