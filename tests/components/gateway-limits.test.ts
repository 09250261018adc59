import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import test from "ava";
import { GatewayLimits, type GatewayLimitsArgs } from "../../components/gateway/limits/limits.ts";
import { limitsSchema } from "../../components/lib/stack/limits.ts";
import { one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at, list, number } from "./lib/look.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const images = {
  service: `registry.example.internal/docker.io/envoyproxy/ratelimit@${digest}`,
  counter: `registry.example.internal/docker.io/library/redis@${digest}`,
};

function program(change: Partial<GatewayLimitsArgs> = {}) {
  return () => {
    const providers = [new k8s.Provider("site", {}), new random.Provider("random")];
    new GatewayLimits(
      "limits",
      {
        namespace: "gateway",
        limits: limitsSchema.parse({ externalMonthlyUsd: 2500 }),
        addresses: { service: "10.96.0.33", counter: "10.96.0.34" },
        storageClass: "fast",
        simulated: false,
        images,
        ...change,
      },
      { providers },
    );
    return {};
  };
}

const parts = ["limits", "limits-counter"] as const;

async function pod(part: (typeof parts)[number], change: Partial<GatewayLimitsArgs> = {}) {
  const { inputs } = one(await deploy(program(change)), "Deployment", part);
  return at(inputs, "spec", "template", "spec");
}

async function container(part: (typeof parts)[number]) {
  const [first, ...more] = list(await pod(part), "containers");
  if (more.length > 0) throw new Error("the pod has more than one container");
  return first;
}

/** Variables of the rate-limit service. */
async function environment(
  change: Partial<GatewayLimitsArgs> = {},
): Promise<Map<unknown, unknown>> {
  const [first] = list(await pod("limits", change), "containers");
  return new Map(list(first, "env").map((each) => [at(each, "name"), at(each, "value")]));
}

test("limits are a service, a counter with a volume, and no more", async (t) => {
  const { resources } = await deploy(program());
  const made = resources
    .filter(({ type }) => !type.startsWith("pulumi:providers:") && !type.startsWith("llm:"))
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
  t.deepEqual(made.toSorted(), [
    "ConfigMap limits",
    "ConfigMap limits-counter",
    "Deployment limits",
    "Deployment limits-counter",
    "PersistentVolumeClaim limits-counter",
    "PodDisruptionBudget limits",
    "RandomPassword limits-password",
    "Secret limits-counter",
    "Service limits",
    "Service limits-counter",
    "ServiceAccount limits",
    "ServiceAccount limits-counter",
  ]);
});

test("both pods are restricted, without a token and without links", async (t) => {
  for (const part of parts) {
    const spec = await pod(part);
    t.is(at(spec, "automountServiceAccountToken"), false);
    t.is(at(spec, "enableServiceLinks"), false);
    t.like(at(spec, "securityContext"), { runAsNonRoot: true, runAsUser: 65_532, fsGroup: 65_532 });
    t.deepEqual(at(await container(part), "securityContext"), {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  }
});

test("the service is two pods that roll with their limits; the counter is one that goes before another comes", async (t) => {
  const deployment = await deploy(program());
  const service = one(deployment, "Deployment", "limits").inputs;
  t.is(at(service, "spec", "replicas"), 2);
  t.is(at(one(deployment, "PodDisruptionBudget", "limits").inputs, "spec", "maxUnavailable"), 1);
  const counter = one(deployment, "Deployment", "limits-counter").inputs;
  t.like(at(counter, "spec"), { replicas: 1, strategy: { type: "Recreate" } });
  const checksum = async (change: Partial<GatewayLimitsArgs>) =>
    at(
      one(await deploy(program(change)), "Deployment", "limits").inputs,
      "spec",
      "template",
      "metadata",
      "annotations",
      "private-llm/limits",
    );
  const other = limitsSchema.parse({ externalMonthlyUsd: 2501 });
  t.not(await checksum({}), await checksum({ limits: other }));
  t.is(await checksum({}), await checksum({ storageClass: "other" }));
});

test("the counter's volume survives a mistaken destroy, unless nothing is on it", async (t) => {
  for (const simulated of [false, true]) {
    const { protect, inputs } = one(
      await deploy(program({ simulated })),
      "PersistentVolumeClaim",
      "limits-counter",
    );
    t.is(protect, !simulated);
    t.like(at(inputs, "spec"), { accessModes: ["ReadWriteOnce"], storageClassName: "fast" });
  }
});

test("only gRPC and metrics can be reached from outside a pod of the service", async (t) => {
  const variables = await environment();
  t.is(variables.get("GRPC_HOST"), "0.0.0.0");
  t.is(variables.get("PROMETHEUS_ADDR"), ":9904");
  t.is(variables.get("HOST"), "127.0.0.1");
  t.is(variables.get("DEBUG_HOST"), "127.0.0.1");
  t.is(variables.get("USE_STATSD"), "false");
  t.is(variables.get("REDIS_URL"), "10.96.0.34:6379");
  const six = await environment({ addresses: { service: "fd00::33", counter: "fd00::34" } });
  t.is(six.get("GRPC_HOST"), "::");
  t.is(six.get("REDIS_URL"), "[fd00::34]:6379");
});

test("both Services have the addresses that configurations name", async (t) => {
  const deployment = await deploy(program());
  const shown = (name: string) => {
    const { inputs } = one(deployment, "Service", name);
    const [port] = list(inputs, "spec", "ports");
    return [at(inputs, "spec", "type"), at(inputs, "spec", "clusterIP"), number(port, "port")];
  };
  t.deepEqual(shown("limits"), ["ClusterIP", "10.96.0.33", 8082]);
  t.deepEqual(shown("limits-counter"), ["ClusterIP", "10.96.0.34", 6379]);
});

test("the password is on no command line, and the counter knows one user that may little", async (t) => {
  const deployment = await deploy(program());
  const { inputs } = one(deployment, "Secret", "limits-counter");
  // What the mocks give for every password.
  const data = JSON.stringify(inputs["stringData"]);
  t.regex(data, /"password":"random"/);
  t.regex(
    data,
    /"users.acl":"user default reset on >random ~private-llm_\* \+incrby \+expire \+get \+ping\\n"/,
  );
  const redis = await container("limits-counter");
  t.deepEqual(at(redis, "args"), ["/etc/redis/redis.conf"]);
  const volumes = list(await pod("limits-counter"), "volumes");
  const secret = volumes.find((volume) => at(volume, "name") === "users");
  t.deepEqual(at(secret, "secret", "items"), [{ key: "users.acl", path: "users.acl" }]);
});
