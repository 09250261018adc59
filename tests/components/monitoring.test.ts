import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import test from "ava";
import { customResource } from "../../components/lib/custom-resource.ts";
import { mirroredImage, registryPath } from "../../components/lib/images.ts";
import { engineDashboard } from "../../components/monitoring/dashboard.ts";
import { engineMetrics } from "../../components/monitoring/engine-metrics.ts";
import {
  type MonitoredModel,
  Monitoring,
  type MonitoringKind,
} from "../../components/monitoring/monitoring.ts";
import { engineRules } from "../../components/monitoring/rules.ts";
import {
  type MonitoringImages,
  prometheusStackValues,
} from "../../components/monitoring/values.ts";
import { json, ofType, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import {
  engineMetricNames,
  goneMetricNames,
  latencyBounds,
  metricNames,
} from "./lib/engine-metric-names.ts";
import { at, entries, list, text } from "./lib/look.ts";
import { pinned, publicImages, registry } from "./lib/pinned.ts";
import { deployStack } from "./lib/platform-stack.ts";

const images: MonitoringImages = {
  prometheusOperator: pinned("quay.io/prometheus-operator/prometheus-operator", "v0.93.1"),
  prometheusConfigReloader: pinned(
    "quay.io/prometheus-operator/prometheus-config-reloader",
    "v0.93.1",
  ),
  prometheus: pinned("quay.io/prometheus/prometheus", "v3.14.0-distroless"),
  alertmanager: pinned("quay.io/prometheus/alertmanager", "v0.34.0"),
  nodeExporter: pinned("quay.io/prometheus/node-exporter", "v1.12.1"),
  kubeStateMetrics: pinned("registry.k8s.io/kube-state-metrics/kube-state-metrics", "v2.20.0"),
  grafana: pinned("docker.io/grafana/grafana", "13.2.0"),
  grafanaSidecar: pinned("quay.io/kiwigrid/k8s-sidecar", "2.10.1"),
};

const chart = {
  repository: "https://charts.example.org/monitoring",
  chart: "kube-prometheus-stack",
  version: "88.5.3",
};

const ownStack: MonitoringKind = {
  kind: "chart",
  namespace: "monitoring",
  chart,
  source: { kind: "oci", url: "oci://registry.example.internal/charts" },
  images,
  registry,
  storageClass: "fast",
};

const model: MonitoredModel = {
  name: "llama",
  servedName: "llama-public",
  namespace: "inference",
  selector: { "app.kubernetes.io/name": "vllm", "app.kubernetes.io/instance": "llama" },
};

function program(monitoring: MonitoringKind, models = [model]) {
  return () => {
    const providers = [new k8s.Provider("site", {}), new random.Provider("random")];
    new Monitoring("monitoring", { monitoring, models }, { providers });
  };
}

const existing = (labels?: Record<string, string>) =>
  deploy(program(labels === undefined ? { kind: "existing" } : { kind: "existing", labels }));

const values = () =>
  prometheusStackValues(images, registry, "fast", {
    secret: "grafana-admin",
    userKey: "user",
    passwordKey: "password",
  });

/** Every query of rules and dashboard. */
function queries(): string[] {
  const rules = engineRules("llama-public").flatMap(({ rules: group = [] }) =>
    group.map(({ expr }) => String(expr)),
  );
  const panels = list(json(engineDashboard("llama-public")), "panels").flatMap((panel) =>
    at(panel, "targets") === undefined
      ? []
      : list(panel, "targets").map((target) => text(target, "expr")),
  );
  return [...rules, ...panels];
}

test("every metric of every query is one that the engine exports", (t) => {
  t.is(queries().length, 12);
  for (const query of queries()) {
    const names = metricNames(query);
    t.true(names.length > 0, query);
    t.deepEqual(
      names.filter((name) => !engineMetricNames.has(name)),
      [],
      query,
    );
  }
});

test("no name in the table of metrics is one that the engine lacks", (t) => {
  t.deepEqual(
    Object.values(engineMetrics).filter((name) => !engineMetricNames.has(name)),
    [],
  );
});

test("the metrics of a query are found between functions, labels, ranges and keywords", (t) => {
  t.deepEqual(
    metricNames(
      'histogram_quantile(0.95, sum by (le) (rate(a:b_bucket{le="5.0",x="sum(c)"}[5m]))) > 1e3 and on (pod) d offset 5m',
    ),
    ["a:b_bucket", "d"],
  );
});

for (const gone of goneMetricNames) {
  test(`a query on ${gone} would be noticed`, (t) => {
    const [name] = metricNames(`max(${gone}{model_name="x"})`);
    t.is(name, gone);
    t.false(engineMetricNames.has(gone));
  });
}

test("every query asks for this one model", (t) => {
  for (const query of queries()) {
    const selectors = [...query.matchAll(/vllm:\w+(\{[^}]*\})?/g)].map(([, labels]) => labels);
    for (const labels of selectors) t.regex(labels ?? "", /model_name="llama-public"/, query);
  }
});

test("a latency is compared at a boundary of the engine's histogram, spelt as the engine spells it", (t) => {
  const bounds = queries().flatMap((query) =>
    [...query.matchAll(/le="([^"]*)"/g)].map(([, bound]) => bound ?? ""),
  );
  t.deepEqual(bounds, ["5.0"]);
  t.true(bounds.every((bound) => latencyBounds.has(bound)));
});

test("the latency alert keeps silent where almost nothing is asked", (t) => {
  const rule = engineRules("m")
    .flatMap(({ rules: group = [] }) => group)
    .find(({ alert }) => alert === "EngineLatencyHigh");
  t.regex(
    String(rule?.expr),
    / < 0\.95 and sum\(increase\(vllm:e2e_request_latency_seconds_count\{model_name="m"\}\[5m\]\)\) > 20$/,
  );
});

test("every alert says how bad it is, what is wrong and what to do", (t) => {
  const rules = engineRules("llama-public").flatMap(({ rules: group = [] }) => group);
  t.deepEqual(
    rules.map(({ alert, labels }) => [alert, labels?.["severity"], labels?.["model"]]),
    [
      ["EngineAbsent", "critical", "llama-public"],
      ["EngineStalled", "critical", "llama-public"],
      ["EngineQueueGrows", "warning", "llama-public"],
      ["EngineLatencyHigh", "warning", "llama-public"],
    ],
  );
  for (const { annotations } of rules) {
    t.regex(annotations?.["summary"] ?? "", /llama-public/);
    t.regex(annotations?.["remedy"] ?? "", /\.$/);
  }
});

test("a dashboard is the same text each time, with a query in every panel", (t) => {
  t.is(engineDashboard("llama-public"), engineDashboard("llama-public"));
  const dashboard = json(engineDashboard("llama-public"));
  t.is(at(dashboard, "title"), "Model llama-public");
  t.is(at(dashboard, "uid"), "private-llm-llama-public");
  const panels = list(dashboard, "panels").filter((panel) => at(panel, "type") !== "row");
  t.is(panels.length, 8);
  for (const panel of panels) t.is(list(panel, "targets").length, 1, text(panel, "title"));
});

test("dashboards of two models are never taken for one another, however long their names", (t) => {
  const stem = "llama-3-3-70b-instruct-for-the-legal-department";
  const names = ["llama", stem, `${stem}-eu`, `${stem}-us`];
  const uids = names.map((name) => text(json(engineDashboard(name)), "uid"));
  t.is(new Set(uids).size, names.length);
  // Grafana refuses longer identifiers.
  for (const uid of uids) t.true(uid.length <= 40, uid);
});

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
  t.deepEqual(at(inputs, "spec"), { groups: engineRules("llama-public") });
});

test("the dashboard is found by Grafana's sidecar under a name of its own", async (t) => {
  const { inputs } = one(await existing(), "ConfigMap");
  t.deepEqual(at(inputs, "metadata", "labels"), { grafana_dashboard: "1" });
  t.is(at(inputs, "metadata", "namespace"), "inference");
  t.deepEqual(at(inputs, "data"), { "llama.json": engineDashboard("llama-public") });
  t.like(values().grafana.sidecar.dashboards, { label: "grafana_dashboard", labelValue: "1" });
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

test("the chart comes from the source given, after Grafana's account", async (t) => {
  const deployment = await deploy(program(ownStack));
  const release = one(deployment, "Chart");
  t.like(release.inputs, {
    chart: "oci://registry.example.internal/charts/kube-prometheus-stack",
    version: "88.5.3",
    namespace: "monitoring",
  });
  t.deepEqual(release.inputs["values"], values());
  t.is(release.parent, "llm:monitoring:Monitoring::monitoring");
  t.deepEqual(release.dependencies, ["kubernetes:core/v1:Secret::monitoring-grafana-admin"]);
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

test("no value of the chart leads to a public registry", (t) => {
  t.deepEqual(publicImages(values(), registryPath(registry)), []);
});

/** Images of the values, joined as the charts do. */
function joined(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  if (!("repository" in node)) return Object.values(node).flatMap(joined);
  const path = `${text(node, "registry")}/${text(node, "repository")}`;
  const sha = at(node, "digest") ?? at(node, "sha");
  return [`${path}@${String(sha).replace(/^(?!sha256:)/, "sha256:")}`];
}

test("every image that the chart runs is pinned by the digest of the lock", (t) => {
  const { prometheusOperator, ...others } = values();
  const { thanosImage: _, ...operator } = prometheusOperator;
  t.deepEqual(
    joined({ operator, others }).toSorted(),
    Object.values(images)
      .map((image) => mirroredImage(image, registry))
      .toSorted(),
  );
});

test("each chart gets its digest in the form that it joins", (t) => {
  const { prometheusOperator, grafana, ...others } = values();
  t.regex(prometheusOperator.image.sha, /^[0-9a-f]{64}$/);
  t.regex(grafana.image.sha, /^[0-9a-f]{64}$/);
  t.regex(others["kube-state-metrics"].image.sha, /^sha256:[0-9a-f]{64}$/);
  t.regex(others["prometheus-node-exporter"].image.digest, /^sha256:[0-9a-f]{64}$/);
});

test("no chart changes a tag that the lock has resolved", (t) => {
  t.false(values()["prometheus-node-exporter"].image.distroless);
});

test("Thanos, which nothing here starts, would not come from outside either", (t) => {
  const { thanosImage } = values().prometheusOperator;
  t.is(
    `${thanosImage.registry}/${thanosImage.repository}`,
    "registry.example.internal:5000/mirror/quay.io/thanos/thanos",
  );
});

test("nothing depends on what a hook of the chart would make", (t) => {
  const { prometheusOperator, crds, grafana } = values();
  t.false(prometheusOperator.admissionWebhooks.enabled);
  t.false(prometheusOperator.tls.enabled);
  t.false(crds.upgradeJob.enabled);
  t.true(crds.enabled);
  t.false(grafana.testFramework.enabled);
  t.false(grafana.initChownData.enabled);
});

test("Grafana asks the outside for nothing", (t) => {
  t.deepEqual(values().grafana["grafana.ini"], {
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    security: { disable_gravatar: true },
    snapshots: { external_enabled: false },
    plugins: { preinstall_disabled: true },
  });
});

test("Prometheus selects monitors and rules that carry no label of the chart", (t) => {
  const nilUsesHelm = entries(values().prometheus.prometheusSpec).filter(([key]) =>
    key.endsWith("SelectorNilUsesHelmValues"),
  );
  t.is(nilUsesHelm.length, 5);
  for (const [key, value] of nilUsesHelm) t.is(value, false, key);
});

test("metrics are kept on a volume of the class given", (t) => {
  const { storageSpec, retention } = values().prometheus.prometheusSpec;
  t.is(storageSpec.volumeClaimTemplate.spec.storageClassName, "fast");
  t.is(retention, "30d");
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
  const engine = one(deployment, "Deployment").inputs;
  const monitor = one(deployment, "PodMonitor").inputs;
  t.deepEqual(at(monitor, "spec", "selector"), at(engine, "spec", "selector"));
  t.is(at(monitor, "metadata", "namespace"), at(engine, "metadata", "namespace"));
  t.is(
    at(monitor, "spec", "podMetricsEndpoints", 0, "port"),
    at(engine, "spec", "template", "spec", "containers", 0, "ports", 0, "name"),
  );
});
