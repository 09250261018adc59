import test from "ava";
import * as fc from "fast-check";
import { vllmMetrics } from "../../components/engines/vllm-metrics.ts";
import { startupBudgetSeconds } from "../../components/lib/start-up.ts";
import { waitingQuery } from "../../components/model-server/autoscaling.ts";
import { rolloutEffect } from "../../components/model-server/deployment.ts";
import { modelPriority } from "../../components/model-server/priority.ts";
import { weightsVolumeGib } from "../../components/model-server/weights-volume.ts";
import { one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { engineMetricNames } from "./lib/engine-metric-names.ts";
import { at, gib, list, number, text } from "./lib/look.ts";
import { args, container, deployment, image, pod, program } from "./model-server-fixture.ts";

test("a model server is a workload with its key, account, volume, manifest, service and budget, and no more", async (t) => {
  const { resources } = await deploy(program());
  t.deepEqual(
    resources
      .filter(({ type }) => !type.startsWith("pulumi:providers:"))
      .map(({ type, name, parent }) => ({ type, name, parent })),
    [
      ["kubernetes:apps/v1:Deployment", "llama"],
      ["kubernetes:core/v1:ConfigMap", "llama-manifest"],
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
  t.is(objects.length, 7);
  for (const { inputs, provider } of objects) {
    t.is(at(inputs, "metadata", "namespace"), "inference");
    t.is(provider, "pulumi:providers:kubernetes::site");
  }
});

test("the engine starts only after its key, account, manifest and volume exist", async (t) => {
  t.deepEqual((await deployment()).dependencies, [
    "kubernetes:core/v1:ConfigMap::llama-manifest",
    "kubernetes:core/v1:PersistentVolumeClaim::llama-weights",
    "kubernetes:core/v1:Secret::llama-api-key",
    "kubernetes:core/v1:ServiceAccount::llama",
  ]);
});

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
  const volume = list(await pod(), "volumes").find((item) => at(item, "name") === "models");
  t.deepEqual(at(volume, "persistentVolumeClaim"), { claimName: "llama-weights", readOnly: true });
  const mount = list(await container(), "volumeMounts").find(
    (item) => at(item, "name") === "models",
  );
  t.deepEqual(mount, { name: "models", mountPath: "/models", readOnly: true });
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

test("a roll-out needs no spare GPU and never stands still", async (t) => {
  t.deepEqual(at((await deployment()).inputs, "spec", "strategy"), {
    type: "RollingUpdate",
    rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
  });
});

test("a change of the only replica interrupts, and the outputs say so", (t) => {
  t.is(rolloutEffect(1), "interrupts");
  t.is(rolloutEffect(2), "serves on");
});

test("models come before batch jobs, behind what the cluster needs, and never before each other", async (t) => {
  const priority = modelPriority("inference");
  t.is(at(await pod(), "priorityClassName"), at(priority, "metadata", "name"));
  const value = number(priority, "value");
  t.true(value > 0);
  // From here on up Kubernetes keeps the numbers for itself.
  t.true(value < 1_000_000_000);
  t.is(at(priority, "globalDefault"), false);
  t.is(at(priority, "preemptionPolicy"), "PreemptLowerPriority");
});

test("replicas spread over nodes where there are several, and start on one where there is one", async (t) => {
  t.like(list(await pod(), "topologySpreadConstraints")[0], {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
  });
});

const autoscaling = {
  minReplicas: 1,
  maxReplicas: 3,
  waitingPerReplica: 25,
  prometheus: "http://prometheus.monitoring.svc:9090",
};

test("an autoscaled model leaves its count to KEDA, which asks for the engine's own metric and label", async (t) => {
  const deployed = await deploy(program({ autoscaling }));
  const workload = one(deployed, "Deployment");
  t.is(at(workload.inputs, "spec", "replicas"), undefined);
  t.deepEqual(workload.ignoreChanges, ["spec.replicas"]);
  t.deepEqual(at(one(deployed, "ScaledObject").inputs, "spec"), {
    scaleTargetRef: { name: "llama" },
    minReplicaCount: 1,
    maxReplicaCount: 3,
    pollingInterval: 30,
    fallback: { failureThreshold: 3, replicas: 2 },
    advanced: {
      horizontalPodAutoscalerConfig: {
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 900,
            policies: [{ type: "Pods", value: 1, periodSeconds: 300 }],
          },
        },
      },
    },
    triggers: [
      {
        type: "prometheus",
        metadata: {
          serverAddress: "http://prometheus.monitoring.svc:9090",
          query: 'sum(vllm:num_requests_waiting{model_name="llama-public"})',
          threshold: "25",
          ignoreNullValues: "false",
        },
      },
    ],
  });
});

test("a model without an autoscaler states its count, and nothing scales it", async (t) => {
  const deployed = await deploy(program());
  t.is(at(one(deployed, "Deployment").inputs, "spec", "replicas"), 2);
  t.deepEqual(one(deployed, "Deployment").ignoreChanges, []);
  t.false(deployed.resources.some(({ type }) => type.endsWith(":ScaledObject")));
});

test("what KEDA asks for is a metric that the engine has", (t) => {
  const [, metric = ""] =
    /^sum\(([\w:]+)\{model_name=/.exec(waitingQuery("llama", vllmMetrics)) ?? [];
  t.true(engineMetricNames.has(metric));
});

test("a roll-out is not given up while a start is still within its budget", async (t) => {
  const weightsGb = 1_500;
  const { inputs, updateTimeout } = await deployment({ weightsGb, replicas: 3 });
  const deadline = number(inputs, "spec", "progressDeadlineSeconds");
  t.true(deadline > startupBudgetSeconds(weightsGb));
  // Replicas roll one after the other.
  t.is(updateTimeout, `${3 * (deadline + 75)}s`);
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

test("deployment, service and budget select the same pods by immutable labels, the budget no Job's", async (t) => {
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
    selector: {
      matchLabels: selector,
      matchExpressions: [{ key: "batch.kubernetes.io/job-name", operator: "DoesNotExist" }],
    },
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
