import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import {
  type MonitoredModel,
  Monitoring,
  type MonitoringKind,
} from "../../components/monitoring/monitoring.ts";
import {
  type MonitoringImages,
  prometheusStackValues,
} from "../../components/monitoring/values.ts";
import { deploy } from "./lib/deploy.ts";
import { pinned, registry } from "./lib/pinned.ts";

export const images: MonitoringImages = {
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

export const chart = {
  repository: "https://charts.example.org/monitoring",
  chart: "kube-prometheus-stack",
  version: "88.5.3",
};

export const ownStack: MonitoringKind = {
  kind: "chart",
  namespace: "monitoring",
  chart,
  source: { kind: "oci", url: "oci://registry.example.internal/charts" },
  images,
  registry,
  storageClass: "fast",
};

export const model: MonitoredModel = {
  name: "llama",
  servedName: "llama-public",
  engine: "vllm",
  namespace: "inference",
  selector: { "app.kubernetes.io/name": "vllm", "app.kubernetes.io/instance": "llama" },
};

export function program(monitoring: MonitoringKind, models = [model]) {
  return () => {
    const providers = [new k8s.Provider("site", {}), new random.Provider("random")];
    new Monitoring("monitoring", { monitoring, models }, { providers });
  };
}

export const existing = (labels?: Record<string, string>) =>
  deploy(program(labels === undefined ? { kind: "existing" } : { kind: "existing", labels }));

export const values = () =>
  prometheusStackValues(
    images,
    registry,
    "fast",
    { secret: "grafana-admin", userKey: "user", passwordKey: "password" },
    "monitoring",
  );
