import test from "ava";
import { gatewayFiles } from "../../components/gateway/envoy/files.ts";
import { heapMib } from "../../components/gateway/envoy/limits.ts";
import { usedEgressPorts } from "../../components/gateway/parts.ts";
import { desiredSchema } from "../../components/lib/migration/desired.ts";
import type { GatewayTls } from "../../components/lib/stack/gateway.ts";
import { json, ofType, one } from "./eks-fixture.ts";
import { config, container, images, only, pod, program, proxies } from "./gateway-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at, list, number, text } from "./lib/look.ts";

test("a gateway is three proxies, a controller and what belongs to them, and no more", async (t) => {
  const { resources } = await deploy(program());
  const made = resources
    .filter(({ type }) => !type.startsWith("pulumi:providers:") && !type.startsWith("llm:"))
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
  const each = (part: string) => [
    `ConfigMap gateway-${part}-envoy`,
    `Deployment gateway-${part}`,
    `HorizontalPodAutoscaler gateway-${part}`,
    `PodDisruptionBudget gateway-${part}`,
    `Service gateway-${part}`,
    `ServiceAccount gateway-${part}`,
  ];
  t.deepEqual(
    made.toSorted(),
    [
      ...proxies.flatMap(each),
      "ConfigMap gateway-desired",
      "ConfigMap gateway-status",
      "Deployment gateway-routes",
      "RandomPassword gateway-secrets-egress-key",
      "Role gateway-routes-inference",
      "Role gateway-routes-own",
      "RoleBinding gateway-routes-inference",
      "RoleBinding gateway-routes-own",
      "Secret gateway-secrets-egress-key",
      "Secret gateway-secrets-engine-keys",
      "Secret gateway-secrets-keys-none",
      "Service gateway-routes",
      "ServiceAccount gateway-routes",
    ].toSorted(),
  );
});

test("a stack without a provider has no egress gateway and no key for one", async (t) => {
  const { resources } = await deploy(program({ config: only("restricted") }));
  const names = resources.map(({ name }) => name);
  t.true(names.includes("gateway-closed"));
  t.deepEqual(
    names.filter((name) => /open|egress/.test(name)),
    [],
  );
});

test("a stack without a closed class has no closed proxy", async (t) => {
  const { resources } = await deploy(program({ config: only("public") }));
  const names = resources.map(({ name }) => name);
  t.true(names.includes("gateway-open") && names.includes("gateway-egress"));
  t.false(names.includes("gateway-closed"));
});

test("each proxy is told exactly what the builder of its configuration says", async (t) => {
  const deployment = await deploy(program());
  const files = gatewayFiles({
    gateway: config,
    controllerAddress: "10.96.0.32",
    limitsAddress: "10.96.0.33",
    models: [{ name: "llama", servedName: "llama" }],
  });
  for (const proxy of proxies) {
    const { inputs } = one(deployment, "ConfigMap", `gateway-${proxy}-envoy`);
    t.deepEqual(inputs["data"], files[proxy]);
  }
});

test("a change of the configuration rolls the pods, and of another proxy's does not", async (t) => {
  const changed = { ...config, publicModel: "another" };
  const checksum = async (part: string, change = {}) =>
    at(
      one(await deploy(program(change)), "Deployment", `gateway-${part}`).inputs,
      "spec",
      "template",
      "metadata",
      "annotations",
      "private-llm/bootstrap",
    );
  t.not(await checksum("closed"), await checksum("closed", { config: changed }));
  t.is(await checksum("egress"), await checksum("egress", { config: changed }));
});

test("the autoscaler owns the number of replicas, and never goes below the stack's least", async (t) => {
  const deployment = await deploy(program());
  for (const proxy of proxies) {
    const { inputs } = one(deployment, "Deployment", `gateway-${proxy}`);
    t.is(at(inputs, "spec", "replicas"), undefined);
    const scaler = one(deployment, "HorizontalPodAutoscaler", `gateway-${proxy}`).inputs;
    t.like(at(scaler, "spec"), { minReplicas: 2, maxReplicas: 6 });
    t.is(at(scaler, "spec", "scaleTargetRef", "name"), text(inputs, "metadata", "name"));
    const budget = one(deployment, "PodDisruptionBudget", `gateway-${proxy}`).inputs;
    t.is(at(budget, "spec", "maxUnavailable"), 1);
    t.deepEqual(at(budget, "spec", "selector"), at(inputs, "spec", "selector"));
  }
});

test("every pod is restricted, spread over zones and machines, and without links", async (t) => {
  for (const part of [...proxies, "routes"] as const) {
    const spec = await pod(part);
    t.is(at(spec, "automountServiceAccountToken"), false);
    t.is(at(spec, "enableServiceLinks"), false);
    t.like(at(spec, "securityContext"), { runAsNonRoot: true, runAsUser: 65_532 });
    t.deepEqual(
      list(spec, "topologySpreadConstraints").map((each) => at(each, "topologyKey")),
      ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
    );
    t.deepEqual(at(await container(part), "securityContext"), {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    t.true(
      list(await container(part), "volumeMounts").every((mount) => at(mount, "readOnly") === true),
    );
  }
});

test("a proxy outlives its longest answer, and its signal comes only then", async (t) => {
  const slow = config.taskClasses.map((each) => ({ ...each, latencyBudgetSeconds: 200 }));
  const change = { config: { ...config, taskClasses: slow } };
  const sleep = number(await container("open", change), "lifecycle", "preStop", "sleep", "seconds");
  t.true(sleep > 200);
  t.true(number(await pod("open", change), "terminationGracePeriodSeconds") > sleep);
  // 1,024 tokens at ten a second, where the class says five seconds.
  const short = number(await container("open"), "lifecycle", "preStop", "sleep", "seconds");
  t.true(short > 102 && short < 200);
});

test("a proxy's memory holds the heap that it bounds itself", async (t) => {
  const memory = text(await container("open"), "resources", "limits", "memory");
  t.is(memory, `${heapMib * 1.25}Mi`);
});

test("proxies run Envoy under the pod's name, so that the controller knows who asks", async (t) => {
  for (const [part, name] of [
    ["open", "gateway"],
    ["closed", "gateway-closed"],
    ["egress", "gateway-egress"],
  ] as const) {
    const envoy = await container(part);
    t.is(at(envoy, "image"), images.proxy);
    t.deepEqual(at(envoy, "command"), ["/usr/local/bin/envoy"]);
    // Envoy takes a flag and its value as two words only; `tests/gateway/command.test.ts` asks it.
    const args = list(envoy, "args");
    const valueOf = (flag: string) => args[args.indexOf(flag) + 1];
    t.is(valueOf("--config-path"), "/etc/envoy/config/envoy.json");
    t.is(valueOf("--service-node"), "$(POD_NAME)");
    t.is(valueOf("--service-cluster"), name);
    t.deepEqual(at(envoy, "readinessProbe", "httpGet"), { path: "/ready", port: "metrics" });
  }
});

test("Services are inside the cluster alone, and the controller's address is the one proxies know", async (t) => {
  const deployment = await deploy(program());
  for (const { inputs } of ofType(deployment, "Service"))
    t.is(at(inputs, "spec", "type"), "ClusterIP");
  t.is(at(one(deployment, "Service", "gateway-routes").inputs, "spec", "clusterIP"), "10.96.0.32");
  const egress = one(deployment, "Service", "gateway-egress").inputs;
  t.is(at(egress, "spec", "clusterIP"), "None");
  t.deepEqual(
    list(egress, "spec", "ports").map((port) => at(port, "port")),
    usedEgressPorts(config),
  );
});

test("the desired routes are written in the form that the controller reads", async (t) => {
  const { inputs } = one(await deploy(program()), "ConfigMap", "gateway-desired");
  const parsed = desiredSchema.parse(json(at(inputs, "data", "desired.json")));
  t.deepEqual(
    parsed.classes.map(({ name }) => name),
    ["support", "contracts"],
  );
  const status = one(await deploy(program()), "ConfigMap", "gateway-status").inputs;
  t.is(status["data"], undefined);
});

test("clients learn which proxy serves which class", async (t) => {
  t.deepEqual((await deploy(program())).outputs["endpoints"], [
    {
      proxy: "gateway",
      endpoint: "https://gateway.gateway.svc:8443/v1",
      taskClasses: ["support"],
    },
    {
      proxy: "gateway-closed",
      endpoint: "https://gateway-closed.gateway.svc:8443/v1",
      taskClasses: ["contracts"],
    },
  ]);
});

test("a certificate is asked for where the stack names an issuer, and mounted under its name", async (t) => {
  const tls: GatewayTls = {
    kind: "cert-manager",
    issuer: { name: "site", kind: "ClusterIssuer" },
    dnsNames: ["llm.example.internal"],
  };
  const { resources } = await deploy(program({ config: { ...config, tls } }));
  const made = resources.find(({ name }) => name === "gateway-certificate");
  t.like(made?.inputs["spec"], {
    secretName: "gateway-tls",
    dnsNames: ["llm.example.internal"],
    issuerRef: { group: "cert-manager.io", name: "site", kind: "ClusterIssuer" },
  });
  const volumes = list(await pod("open", { config: { ...config, tls } }), "volumes");
  const certificate = volumes.find((volume) => at(volume, "name") === "tls");
  t.is(at(certificate, "secret", "secretName"), "gateway-tls");
});
