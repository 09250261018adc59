import { unknown } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import { variableMutant, wordsMutant } from "./engine-command.ts";
import { envoyMutant, managerPath, managerSteps } from "./envoy-document.ts";
import { added, type Mutant } from "./mutant.ts";

const collector = (exporters: string, pipeline: string) =>
  `receivers: {otlp: {}}\nexporters:\n  ${exporters}\nservice:\n  pipelines:\n    ${pipeline}\n`;

export const traces: readonly Mutant[] = [
  wordsMutant(
    "A08",
    "spans of the engine",
    ["--otlp-traces-endpoint", "https://tempo.example.com:4317"],
    1,
  ),
  wordsMutant("A08", "spans of the engine, unknown", ["--otlp_traces_endpoint=$(WHERE)"]),
  variableMutant(
    "A08",
    "spans by a variable",
    { name: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", value: "http://otel.example.com" },
    "value",
  ),
  variableMutant(
    "A08",
    "spans to a place from elsewhere",
    { name: "OTEL_EXPORTER_OTLP_ENDPOINT", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
    "valueFrom",
  ),
  added(
    "A08",
    "an error tracker of the gateway",
    kube("core/v1:Pod", "router", "gateway", {
      spec: { containers: [{ name: "c", args: ["--sentry-dsn=https://k@o1.ingest.sentry.io/1"] }] },
    }),
    "Pod gateway/router",
    "spec.containers[0].args[0]",
  ),
  added(
    "A08",
    "a service for prompts, by its key alone",
    kube("core/v1:Pod", "router", "gateway", {
      spec: { containers: [{ name: "c", env: [{ name: "LANGFUSE_SECRET_KEY", value: "x" }] }] },
    }),
    "Pod gateway/router",
    "spec.containers[0].env[0].name",
  ),
  added(
    "A08",
    "an exporter that an operator puts in",
    kube("core/v1:Pod", "router", "gateway", {
      metadata: {
        name: "router",
        namespace: "gateway",
        annotations: { "instrumentation.opentelemetry.io/inject-python": "true" },
      },
      spec: { containers: [] },
    }),
    "Pod gateway/router",
    'metadata.annotations["instrumentation.opentelemetry.io/inject-python"]',
  ),
  added(
    "A08",
    "an Instrumentation",
    kube("opentelemetry.io/v1alpha1:Instrumentation", "i", "monitoring", {
      spec: { exporter: { endpoint: "https://api.example.com" } },
    }),
    "Instrumentation monitoring/i",
    "spec.exporter.endpoint",
  ),
  added(
    "A08",
    "a collector that hands on",
    kube("opentelemetry.io/v1beta1:OpenTelemetryCollector", "c", "monitoring", {
      spec: {
        config: {
          exporters: { "otlphttp/outside": { endpoint: "https://api.example.com" } },
          service: { pipelines: { "traces/all": { exporters: ["otlphttp/outside"] } } },
        },
      },
    }),
    "OpenTelemetryCollector monitoring/c",
    'spec.config.exporters["otlphttp/outside"].endpoint',
  ),
  added(
    "A08",
    "a collector whose exporters nobody knows yet",
    kube("opentelemetry.io/v1beta1:OpenTelemetryCollector", "c", "monitoring", {
      spec: { config: { exporters: unknown } },
    }),
    "OpenTelemetryCollector monitoring/c",
    "spec.config.exporters",
  ),
  added(
    "A08",
    "a collector of a service",
    kube("core/v1:ConfigMap", "c", "monitoring", {
      data: { config: collector("datadog: {api: {key: x}}", "traces: {exporters: [datadog]}") },
    }),
    "ConfigMap monitoring/c",
    "data.config.exporters.datadog",
  ),
  added(
    "A08",
    "an exporter that no pipeline names",
    kube("core/v1:ConfigMap", "c", "gateway", {
      data: {
        config: collector(
          "zipkin: {endpoint: 'http://z.example.com'}",
          "logs: {exporters: [otlp]}",
        ),
      },
    }),
    "ConfigMap gateway/c",
    "data.config.exporters.zipkin.endpoint",
  ),
  added(
    "A08",
    "a callback of a gateway",
    kube("core/v1:ConfigMap", "c", "gateway", {
      data: { "config.yaml": 'litellm_settings:\n  success_callback: ["langfuse"]\n' },
    }),
    "ConfigMap gateway/c",
    'data["config.yaml"].litellm_settings.success_callback[0]',
  ),
  envoyMutant(
    "A08",
    "spans of the proxy",
    [...managerSteps, "tracing"],
    { provider: { typed_config: { grpc_service: { envoy_grpc: { cluster_name: "otel" } } } } },
    `${managerPath}.tracing.provider.typed_config.grpc_service.envoy_grpc.cluster_name`,
  ),
];
