import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import test from "ava";
import * as fc from "fast-check";
import { modelFacts } from "../../components/lib/models.ts";
import { ModelServer, type ModelServerArgs } from "../../components/model-server/model-server.ts";
import { startupBudgetSeconds } from "../../components/model-server/probes.ts";
import { weightsVolumeGib } from "../../components/model-server/weights-volume.ts";
import { one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at, entries, gib, list, number, text } from "./lib/look.ts";

const image = `registry.example.internal/docker.io/vllm/vllm-openai@sha256:${"ab".repeat(32)}`;

const args: ModelServerArgs = {
  namespace: "inference",
  servedName: "llama-public",
  image,
  replicas: 2,
  gpus: 4,
  contextTokens: 8192,
  weightsGb: 141.1,
  weightsPath: "llama-3-70b-instruct/0123abc",
  weightsClass: "weights",
  nodes: {
    gpu: "a100-sxm-80gb",
    gpusPerNode: 8,
    count: 2,
    selector: { "private-llm/pool": "gpu" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    simulated: false,
  },
};

function program(change: Partial<ModelServerArgs> = {}) {
  return () => {
    const providers = [new k8s.Provider("site", {}), new random.Provider("random")];
    const server = new ModelServer("llama", { ...args, ...change }, { providers });
    return {
      endpoint: server.endpoint,
      selector: server.selector,
      apiKeySecret: server.apiKeySecret,
    };
  };
}

const deployment = async (change: Partial<ModelServerArgs> = {}) =>
  one(await deploy(program(change)), "Deployment");

async function pod(change: Partial<ModelServerArgs> = {}): Promise<unknown> {
  return at((await deployment(change)).inputs, "spec", "template", "spec");
}

async function container(change: Partial<ModelServerArgs> = {}): Promise<unknown> {
  const [engine, ...others] = list(await pod(change), "containers");
  if (others.length > 0) throw new Error("the pod has more than one container");
  return engine;
}

async function command(change: Partial<ModelServerArgs> = {}): Promise<string[]> {
  return list(await container(change), "command").map((word) => text(word));
}

/** Value of a flag that is written `--name=value`. */
function flag(words: readonly string[], name: string): string {
  const found = words.find((word) => word.startsWith(`--${name}=`));
  if (found === undefined) throw new Error(`no --${name} in ${words.join(" ")}`);
  return found.slice(name.length + 3);
}

test("a model server is a workload with its key, account, volume, service and budget, and no more", async (t) => {
  const { resources } = await deploy(program());
  t.deepEqual(
    resources
      .filter(({ type }) => !type.startsWith("pulumi:providers:"))
      .map(({ type, name, parent }) => ({ type, name, parent })),
    [
      ["kubernetes:apps/v1:Deployment", "llama"],
      ["kubernetes:core/v1:PersistentVolumeClaim", "llama-weights"],
      ["kubernetes:core/v1:Secret", "llama-api-key"],
      ["kubernetes:core/v1:Service", "llama"],
      ["kubernetes:core/v1:ServiceAccount", "llama"],
      ["kubernetes:policy/v1:PodDisruptionBudget", "llama"],
      ["llm:serving:ModelServer", "llama"],
      ["random:index/randomPassword:RandomPassword", "llama-api-key"],
    ].map(([type, name]) => ({
      type,
      name,
      parent: type?.startsWith("llm:") ? undefined : "llm:serving:ModelServer::llama",
    })),
  );
});

test("every object lies in the namespace given and goes through the provider given", async (t) => {
  const { resources } = await deploy(program());
  const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  t.is(objects.length, 6);
  for (const { inputs, provider } of objects) {
    t.is(at(inputs, "metadata", "namespace"), "inference");
    t.is(provider, "pulumi:providers:kubernetes::site");
  }
});

test("the engine starts only after its key, account and volume exist", async (t) => {
  t.deepEqual((await deployment()).dependencies, [
    "kubernetes:core/v1:PersistentVolumeClaim::llama-weights",
    "kubernetes:core/v1:Secret::llama-api-key",
    "kubernetes:core/v1:ServiceAccount::llama",
  ]);
});

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

test("the only writable mounts are sized volumes in memory", async (t) => {
  const spec = await pod();
  const volumes = new Map(list(spec, "volumes").map((volume) => [text(volume, "name"), volume]));
  const writable = list(await container(), "volumeMounts").filter(
    (mount) => at(mount, "readOnly") !== true,
  );
  t.deepEqual(
    writable.map((mount) => at(mount, "mountPath")),
    ["/dev/shm", "/scratch", "/tmp"],
  );
  for (const mount of writable) {
    const volume = volumes.get(text(mount, "name"));
    t.is(at(volume, "emptyDir", "medium"), "Memory");
    t.true(gib(volume, "emptyDir", "sizeLimit") >= 1);
  }
});

test("weights are mounted read-only from the model's own claim, below the path that the engine is given", async (t) => {
  const volume = list(await pod(), "volumes").find((one) => at(one, "name") === "models");
  t.deepEqual(at(volume, "persistentVolumeClaim"), { claimName: "llama-weights", readOnly: true });
  const mount = list(await container(), "volumeMounts").find((one) => at(one, "name") === "models");
  t.deepEqual(mount, { name: "models", mountPath: "/models", readOnly: true });
});

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
  safetensors-load-strategy fail-on-environ-validation sse-keep-alive-interval kv-cache-metrics
  enable-mfu-metrics ssl-certfile ssl-keyfile enable-ssl-refresh ssl-ca-certs ssl-cert-reqs`
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
    list(await container(), "env").map((one) => [
      text(one, "name"),
      at(one, "value") ?? at(one, "valueFrom"),
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

test("the API key is random, 48 characters long and secret", async (t) => {
  const { resources } = await deploy(program());
  const password = resources.find(({ type }) => type.endsWith(":RandomPassword"));
  t.deepEqual(password?.inputs, { length: 48, special: false });
  t.is(password?.provider, "pulumi:providers:random::random");
  const secret = resources.find(({ type }) => type.endsWith(":Secret"));
  t.is(at(secret?.inputs, "metadata", "name"), "llama-api-key");
  t.deepEqual(at(secret?.inputs, "stringData"), { secret: { "api-key": "random" } });
  t.deepEqual(secret?.dependencies, ["random:index/randomPassword:RandomPassword::llama-api-key"]);
});

test("a stopping pod outlives the drain of its endpoint and of its requests", async (t) => {
  const spec = await pod();
  const preStop = number(await container(), "lifecycle", "preStop", "sleep", "seconds");
  const shutdown = Number(flag(await command(), "shutdown-timeout"));
  t.true(preStop > 0);
  t.true(shutdown > 0);
  t.true(number(spec, "terminationGracePeriodSeconds") > preStop + shutdown);
});

test("a roll-out needs no spare GPU and never stands still", async (t) => {
  t.deepEqual(at((await deployment()).inputs, "spec", "strategy"), {
    type: "RollingUpdate",
    rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
  });
});

test("the start-up budget covers reading the weights at 1 GB/s and compiling, whatever the size", (t) => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 2_000, noNaN: true }), (weightsGb) => {
      t.true(startupBudgetSeconds(weightsGb) >= weightsGb + 60);
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

for (const [model, { weightsGb }] of Object.entries(modelFacts)) {
  test(`the engine waits for its workers as long as the start of ${model} may take`, async (t) => {
    const ready = Number((await environment()).get("VLLM_ENGINE_READY_TIMEOUT_S"));
    t.true(ready >= startupBudgetSeconds(weightsGb));
  });
}

test("a roll-out is not given up while a start is still within its budget", async (t) => {
  const weightsGb = 1_500;
  const { inputs, updateTimeout } = await deployment({ weightsGb, replicas: 3 });
  const deadline = number(inputs, "spec", "progressDeadlineSeconds");
  t.true(deadline > startupBudgetSeconds(weightsGb));
  // Replicas roll one after the other.
  t.is(updateTimeout, `${3 * (deadline + 75)}s`);
});

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
  const [interpreter, option, script, ...more] = list(probe, "exec", "command").map((word) =>
    text(word),
  );
  t.deepEqual([interpreter, option, more], ["python3", "-c", []]);
  t.regex(script ?? "", /"model": "odd\\"name".*"max_tokens": 1/);
  t.regex(script ?? "", /http:\/\/127\.0\.0\.1:8000\/v1\/completions/);
  t.regex(script ?? "", /os\.environ\["VLLM_API_KEY"\]/);
});

test("the liveness request gives up before its probe does", async (t) => {
  const probe = at(await container(), "livenessProbe");
  const timeout = /timeout=(\d+)/.exec(text(probe, "exec", "command", 2))?.[1];
  t.true(Number(timeout) < number(probe, "timeoutSeconds"));
});

test("the pod is restricted", async (t) => {
  const spec = await pod();
  t.deepEqual(at(spec, "securityContext"), {
    runAsNonRoot: true,
    runAsUser: 2000,
    runAsGroup: 2000,
    fsGroup: 2000,
    seccompProfile: { type: "RuntimeDefault" },
  });
  t.deepEqual(at(await container(), "securityContext"), {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  for (const field of ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"]) {
    t.is(at(spec, field), undefined, field);
  }
});

test("the pod has an account of its own and no token of it", async (t) => {
  const spec = await pod();
  t.is(at(spec, "serviceAccountName"), "llama");
  t.is(at(spec, "automountServiceAccountToken"), false);
  t.is(at(spec, "enableServiceLinks"), false);
  const account = one(await deploy(program()), "ServiceAccount").inputs;
  t.is(at(account, "metadata", "name"), "llama");
  t.is(at(account, "automountServiceAccountToken"), false);
});

test("the pod runs the given image on the given nodes", async (t) => {
  const spec = await pod();
  t.deepEqual(at(spec, "nodeSelector"), { "private-llm/pool": "gpu" });
  t.deepEqual(at(spec, "tolerations"), [
    { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
  ]);
  t.is(at(await container(), "image"), image);
  t.is(at(await container(), "imagePullPolicy"), "IfNotPresent");
});

test("deployment, service and budget select the same pods, by immutable labels", async (t) => {
  const deployed = await deploy(program());
  const selector = {
    "app.kubernetes.io/name": "vllm",
    "app.kubernetes.io/instance": "llama",
  };
  const workload = one(deployed, "Deployment").inputs;
  t.deepEqual(at(workload, "spec", "selector", "matchLabels"), selector);
  t.like(at(workload, "spec", "template", "metadata", "labels"), selector);
  t.deepEqual(at(one(deployed, "Service").inputs, "spec", "selector"), selector);
  t.deepEqual(at(one(deployed, "PodDisruptionBudget").inputs, "spec"), {
    maxUnavailable: 1,
    selector: { matchLabels: selector },
  });
  t.deepEqual(deployed.outputs["selector"], selector);
});

test("the service reaches the engine's one named port inside the cluster", async (t) => {
  const deployed = await deploy(program());
  const { inputs } = one(deployed, "Service");
  t.is(at(inputs, "spec", "type"), "ClusterIP");
  t.deepEqual(at(inputs, "spec", "ports"), [
    { name: "http", port: 8000, targetPort: "http", protocol: "TCP" },
  ]);
  t.deepEqual(at(await container(), "ports"), [
    { name: "http", containerPort: 8000, protocol: "TCP" },
  ]);
  t.is(deployed.outputs["endpoint"], "http://llama.inference.svc:8000/v1");
});

test("weights that took hours to stage outlive a mistaken destroy", async (t) => {
  const claim = one(await deploy(program()), "PersistentVolumeClaim");
  t.true(claim.protect);
  t.true(claim.retainOnDelete);
  t.like(claim.inputs["spec"], { accessModes: ["ReadWriteMany"], storageClassName: "weights" });
});

test("a simulated volume holds nothing and is not protected", async (t) => {
  const nodes = { ...args.nodes, simulated: true };
  const claim = one(await deploy(program({ nodes })), "PersistentVolumeClaim");
  t.false(claim.protect);
  t.false(claim.retainOnDelete);
});

test("the volume has room for two revisions of the weights, whatever their size", async (t) => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 2_000, noNaN: true }), (weightsGb) => {
      t.true(weightsVolumeGib(weightsGb) * 2 ** 30 >= 2 * weightsGb * 1e9);
    }),
  );
  const claim = one(await deploy(program()), "PersistentVolumeClaim").inputs;
  t.is(gib(claim, "spec", "resources", "requests", "storage"), weightsVolumeGib(141.1));
});

test("a first preview differs in nothing but the key", async (t) => {
  const { resources } = await deploy(program());
  const preview = await deploy(program(), { preview: true });
  t.deepEqual(
    preview.resources.filter(({ type }) => !type.endsWith(":Secret")),
    resources.filter(({ type }) => !type.endsWith(":Secret")),
  );
  t.regex(JSON.stringify(one(preview, "Secret").inputs["stringData"]), /\(unknown\)/);
});
