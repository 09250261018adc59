import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import * as k8s from "@pulumi/kubernetes";
import test from "ava";
import { vllmMetrics } from "../../components/engines/vllm-metrics.ts";
import { customResource } from "../../components/lib/custom-resource.ts";
import { mirroredImage } from "../../components/lib/images.ts";
import { engineDashboard } from "../../components/monitoring/dashboard.ts";
import { engineRules } from "../../components/monitoring/rules.ts";
import { ofType, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at } from "./lib/look.ts";
import { registry } from "./lib/pinned.ts";
import { deployStack } from "./lib/platform-stack.ts";
import { chart, existing, images, model, ownStack, program, values } from "./monitoring-fixture.ts";

test("with a Prometheus that is there already, only monitor, rules and dashboard are made", async (t) => {
  const { resources } = await existing();
  t.deepEqual(
    resources
      .filter(({ parent }) => parent !== undefined)
      .map(({ type, name, parent, provider }) => ({ type, name, parent, provider })),
    [
      ["kubernetes:core/v1:ConfigMap", "monitoring-llama-dashboard"],
      ["kubernetes:monitoring.coreos.com/v1:PodMonitor", "monitoring-llama-pods"],
      ["kubernetes:monitoring.coreos.com/v1:PrometheusRule", "monitoring-llama-rules"],
    ].map(([type, name]) => ({
      type,
      name,
      parent: "llm:monitoring:Monitoring::monitoring",
      provider: "pulumi:providers:kubernetes::site",
    })),
  );
});

test("the monitor reads the engine's metrics in its own namespace", async (t) => {
  t.deepEqual(one(await existing(), "PodMonitor").inputs, {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name: "llama", namespace: "inference", labels: {} },
    spec: {
      selector: { matchLabels: model.selector },
      podMetricsEndpoints: [{ port: "http", path: "/metrics", interval: "15s" }],
    },
  });
});

test("monitor and rules carry the labels that an existing Prometheus selects by", async (t) => {
  const deployment = await existing({ release: "site" });
  for (const type of ["PodMonitor", "PrometheusRule"]) {
    const { inputs } = one(deployment, type);
    t.deepEqual(at(inputs, "metadata", "labels"), { release: "site" }, type);
  }
});

test("the rules object holds the model's rules", async (t) => {
  const { inputs } = one(await existing(), "PrometheusRule");
  t.deepEqual(at(inputs, "spec"), { groups: engineRules("llama-public", vllmMetrics) });
});

test("the dashboard is found by Grafana's sidecar under a name of its own", async (t) => {
  const { inputs } = one(await existing(), "ConfigMap");
  t.deepEqual(at(inputs, "metadata", "labels"), { grafana_dashboard: "1" });
  t.is(at(inputs, "metadata", "namespace"), "inference");
  t.deepEqual(at(inputs, "data"), { "llama.json": engineDashboard("llama-public", vllmMetrics) });
  t.like(values().grafana.sidecar.dashboards, { label: "grafana_dashboard", labelValue: "1" });
});

test("the stack's own Grafana reads its own namespace alone, so dashboards lie there", async (t) => {
  const { inputs } = one(await deploy(program(ownStack)), "ConfigMap");
  t.is(at(inputs, "metadata", "namespace"), "monitoring");
  t.is(values().grafana.sidecar.dashboards.searchNamespace, "monitoring");
  t.deepEqual(values().grafana.rbac, { namespaced: true });
});

test("nothing of monitoring reads a Secret outside its own namespace", async (t) => {
  const deployment = await deploy(program(ownStack));
  const reading = ["Role", "ClusterRole"]
    .flatMap((kind) => ofType(deployment, kind))
    .filter(({ inputs }) => JSON.stringify(inputs["rules"]).includes('"secrets"'));
  t.deepEqual(
    reading.map(({ inputs }) => [at(inputs, "kind"), at(inputs, "metadata", "namespace")]),
    [["Role", "monitoring"]],
  );
  t.deepEqual(values().global.rbac, { create: false });
  t.true(values()["kube-state-metrics"].collectorsExclude.includes("secrets"));
});

test("every model has its own monitor, rules and dashboard", async (t) => {
  const second = { ...model, name: "small", servedName: "small" };
  const { resources } = await deploy(program({ kind: "existing" }, [model, second]));
  for (const type of ["PodMonitor", "PrometheusRule", "ConfigMap"]) {
    const names = ofType({ resources, outputs: {} }, type).map(({ inputs }) =>
      at(inputs, "metadata", "name"),
    );
    t.is(new Set(names).size, 2, type);
  }
});

test("the chart's definitions come before the monitors that need them", async (t) => {
  const deployment = await deploy(program(ownStack));
  for (const type of ["PodMonitor", "PrometheusRule"]) {
    t.deepEqual(one(deployment, type).dependencies, ["kubernetes:helm.sh/v4:Chart::monitoring"]);
  }
});

test("the chart comes from the source given, after Grafana's account and the roles of its operator", async (t) => {
  const deployment = await deploy(program(ownStack));
  const release = one(deployment, "Chart");
  t.like(release.inputs, {
    chart: "oci://registry.example.internal/charts/kube-prometheus-stack",
    version: "88.5.3",
    namespace: "monitoring",
  });
  t.deepEqual(release.inputs["values"], values());
  t.is(release.parent, "llm:monitoring:Monitoring::monitoring");
  t.deepEqual(
    release.dependencies.map((urn) => urn.slice(urn.lastIndexOf("/") + 1)),
    [
      "v1:Secret::monitoring-grafana-admin",
      "v1:ClusterRole::monitoring-operator",
      "v1:ClusterRole::monitoring-prometheus",
      "v1:ClusterRoleBinding::monitoring-operator",
      "v1:ClusterRoleBinding::monitoring-prometheus",
      "v1:Role::monitoring-kubelets",
      "v1:Role::monitoring-operator",
      "v1:RoleBinding::monitoring-kubelets",
      "v1:RoleBinding::monitoring-operator",
    ],
  );
});

test("Grafana's first password is random, secret and where the chart looks for it", async (t) => {
  const deployment = await deploy(program(ownStack));
  t.deepEqual(one(deployment, "RandomPassword").inputs, { length: 32, special: false });
  t.deepEqual(one(deployment, "Secret").inputs, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "grafana-admin", namespace: "monitoring" },
    stringData: { secret: { user: "admin", password: "random" } },
  });
  t.deepEqual(values().grafana.admin, {
    existingSecret: "grafana-admin",
    userKey: "user",
    passwordKey: "password",
  });
});

test("the component publishes the image that only the operator starts, and neither images nor source", async (t) => {
  const { inputs } = one(await deploy(program(ownStack)), "Monitoring");
  t.deepEqual(inputs, {
    models: [model],
    monitoring: { kind: "chart", namespace: "monitoring", chart, storageClass: "fast" },
    operandImages: [mirroredImage(images.prometheusConfigReloader, registry)],
  });
});

test("a misspelt field of a monitor passes at run time, so the compiler must refuse it", async (t) => {
  const deployment = await deploy(() => {
    const provider = new k8s.Provider("site", {});
    customResource<IPodMonitor>(
      "misspelt",
      { apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor" },
      {
        metadata: { name: "misspelt" },
        // @ts-expect-error The field is podMetricsEndpoints.
        spec: { selector: {}, podMetricEndpoints: [] },
      },
      { provider },
    );
  });
  t.deepEqual(one(deployment, "PodMonitor").inputs["spec"], {
    selector: {},
    podMetricEndpoints: [],
  });
});

test("a first preview differs in nothing but Grafana's password", async (t) => {
  const other = ({ type }: { readonly type: string }) => !type.endsWith(":Secret");
  const preview = await deploy(program(ownStack), { preview: true });
  const deployment = await deploy(program(ownStack));
  t.deepEqual(preview.resources.filter(other), deployment.resources.filter(other));
  t.regex(JSON.stringify(one(preview, "Secret").inputs["stringData"]), /\(unknown\)/);
});

test("monitors of the dev stack select the pods of its engines by the port they name", async (t) => {
  const deployment = await deployStack("dev");
  const engine = one(deployment, "Deployment", "llama-3-70b").inputs;
  const monitor = one(deployment, "PodMonitor", "monitoring-llama-3-70b-pods").inputs;
  t.deepEqual(at(monitor, "spec", "selector"), at(engine, "spec", "selector"));
  t.is(at(monitor, "metadata", "namespace"), at(engine, "metadata", "namespace"));
  t.is(
    at(monitor, "spec", "podMetricsEndpoints", 0, "port"),
    at(engine, "spec", "template", "spec", "containers", 0, "ports", 0, "name"),
  );
});
