import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { EngineMetrics } from "../engines/engine.ts";
import { type EngineName, engines } from "../engines/engines.ts";
import { type ChartSource, chartLocation, type PinnedChart } from "../lib/charts.ts";
import { customResource } from "../lib/custom-resource.ts";
import { mirroredImage, type Registry } from "../lib/images.ts";
import { monitoringAccess } from "./access.ts";
import { engineDashboard } from "./dashboard.ts";
import { gatewayRules } from "./gateway-rules.ts";
import { engineRules } from "./rules.ts";
import { type GrafanaAdmin, type MonitoringImages, prometheusStackValues } from "./values.ts";

/** A model server that Prometheus reads. */
export interface MonitoredModel {
  /** Name of the model server within the stack. */
  readonly name: string;
  readonly servedName: string;
  /** Decides the names of its metrics. */
  readonly engine: EngineName;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
}

/** The gateway's pods, which Prometheus reads by port `metrics`. */
export interface MonitoredGateway {
  readonly namespace: string;
  /** Labels that select all proxies. */
  readonly proxies: Readonly<Record<string, string>>;
  /** Labels that select the route controller. */
  readonly controller: Readonly<Record<string, string>>;
  /** Labels that select the rate-limit service. @default - nothing is limited */
  readonly limits?: Readonly<Record<string, string>>;
}

/** The stack's own Prometheus, or one that is already there with its operator. */
export type MonitoringKind =
  | {
      readonly kind: "chart";
      readonly namespace: string;
      readonly chart: PinnedChart;
      readonly source: ChartSource;
      readonly images: MonitoringImages;
      readonly registry: Registry;
      /** Storage class of Prometheus' volume. */
      readonly storageClass: string;
    }
  | {
      readonly kind: "existing";
      /** Labels its Prometheus selects monitors and rules by. @default - none needed */
      readonly labels?: Readonly<Record<string, string>>;
    };

export interface MonitoringArgs {
  readonly monitoring: MonitoringKind;
  readonly models: readonly MonitoredModel[];
  /** @default - none */
  readonly gateway?: MonitoredGateway;
}

const grafanaAdmin: GrafanaAdmin = {
  secret: "grafana-admin",
  userKey: "user",
  passwordKey: "password",
};
const apiGroup = "monitoring.coreos.com/v1";

/** Metrics, alerts and dashboards of the models; with `chart`, also the Prometheus stack that reads them. */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:monitoring:Monitoring", name, shape(args), opts);
    const stack = prometheusStack(name, args.monitoring, this);
    const labels = args.monitoring.kind === "existing" ? (args.monitoring.labels ?? {}) : {};
    // The chart brings the definitions of PodMonitor and PrometheusRule: no leaf of it is known by
    // name here, and few objects wait for it, so the component itself is what they depend on.
    const child = { parent: this, dependsOn: stack === undefined ? [] : [stack] };
    for (const model of args.models) {
      const { metrics } = engines[model.engine];
      // Rules and panels that ask for names nobody has read would be silent, not wrong.
      if (metrics === undefined) continue;
      const metadata = { name: model.name, namespace: model.namespace, labels };
      customResource<IPodMonitor>(
        `${name}-${model.name}-pods`,
        { apiVersion: apiGroup, kind: "PodMonitor" },
        { metadata, spec: podMonitorSpec(model) },
        child,
      );
      customResource<IPrometheusRule>(
        `${name}-${model.name}-rules`,
        { apiVersion: apiGroup, kind: "PrometheusRule" },
        {
          metadata,
          spec: { groups: engineRules(model.servedName, metrics) },
        },
        child,
      );
      new k8s.core.v1.ConfigMap(
        `${name}-${model.name}-dashboard`,
        dashboardConfigMap(model, metrics, dashboardNamespace(args.monitoring, model)),
        { parent: this },
      );
    }
    if (args.gateway !== undefined) gatewayObjects(name, args.gateway, labels, child);
    this.registerOutputs({});
  }
}

/** Monitors and rules of the gateway; names that no model's own objects have. */
function gatewayObjects(
  name: string,
  { namespace, proxies, controller, limits }: MonitoredGateway,
  labels: Readonly<Record<string, string>>,
  child: pulumi.CustomResourceOptions,
): void {
  const monitors = [
    { kind: "proxies", selector: proxies, path: "/stats/prometheus" },
    { kind: "routes", selector: controller, path: "/metrics" },
    ...(limits === undefined ? [] : [{ kind: "limits", selector: limits, path: "/metrics" }]),
  ];
  for (const { kind, selector, path } of monitors) {
    customResource<IPodMonitor>(
      `${name}-pods-of-${kind}`,
      { apiVersion: apiGroup, kind: "PodMonitor" },
      {
        metadata: { name: `gateway-${kind}`, namespace, labels },
        spec: {
          selector: { matchLabels: { ...selector } },
          podTargetLabels: ["app.kubernetes.io/instance"],
          podMetricsEndpoints: [{ port: "metrics", path, interval: "15s" }],
        },
      },
      child,
    );
  }
  customResource<IPrometheusRule>(
    `${name}-rules-of-gateway`,
    { apiVersion: apiGroup, kind: "PrometheusRule" },
    {
      metadata: { name: "gateway", namespace, labels },
      spec: { groups: gatewayRules(namespace, limits !== undefined) },
    },
    child,
  );
}

/** The arguments as policies and state may see them, with the image that only the operator names. */
function shape({ monitoring, ...parts }: MonitoringArgs) {
  if (monitoring.kind === "existing") return { monitoring, ...parts };
  const { images, registry, source: _, ...rest } = monitoring;
  return {
    monitoring: rest,
    ...parts,
    operandImages: [mirroredImage(images.prometheusConfigReloader, registry)],
  };
}

function prometheusStack(
  name: string,
  monitoring: MonitoringKind,
  parent: pulumi.Resource,
): k8s.helm.v4.Chart | undefined {
  if (monitoring.kind === "existing") return undefined;
  const password = new random.RandomPassword(
    `${name}-grafana-admin`,
    { length: 32, special: false },
    { parent },
  );
  const admin = new k8s.core.v1.Secret(
    `${name}-grafana-admin`,
    {
      metadata: { name: grafanaAdmin.secret, namespace: monitoring.namespace },
      stringData: { [grafanaAdmin.userKey]: "admin", [grafanaAdmin.passwordKey]: password.result },
    },
    { parent },
  );
  const access = monitoringAccess(name, monitoring.namespace, { parent });
  return new k8s.helm.v4.Chart(
    name,
    {
      ...chartLocation(monitoring.chart, monitoring.source),
      namespace: monitoring.namespace,
      values: prometheusStackValues(
        monitoring.images,
        monitoring.registry,
        monitoring.storageClass,
        grafanaAdmin,
        monitoring.namespace,
      ),
    },
    { parent, dependsOn: [admin, ...access] },
  );
}

function podMonitorSpec(model: MonitoredModel) {
  return {
    selector: { matchLabels: { ...model.selector } },
    podMetricsEndpoints: [{ port: "http", path: "/metrics", interval: "15s" }],
  };
}

/**
 * The stack's own Grafana reads its own namespace alone. Where another one looks is unknown, and the
 * namespace of the model is the only other one that is sure to be there.
 */
function dashboardNamespace(monitoring: MonitoringKind, model: MonitoredModel): string {
  return monitoring.kind === "chart" ? monitoring.namespace : model.namespace;
}

/** Grafana's sidecar finds dashboards by this label. */
function dashboardConfigMap(
  model: MonitoredModel,
  metrics: EngineMetrics,
  namespace: string,
): k8s.core.v1.ConfigMapArgs {
  return {
    metadata: {
      name: `${model.name}-dashboard`,
      namespace,
      labels: { grafana_dashboard: "1" },
      annotations: { grafana_folder: "Private LLM" },
    },
    data: {
      [`${model.name}.json`]: engineDashboard(model.servedName, metrics),
    },
  };
}
