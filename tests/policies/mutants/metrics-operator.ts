import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import { added, digest, type Mutant } from "./mutant.ts";

const image = `registry.internal/llm/prometheus@${digest}`;

function operated(title: string, kind: string, spec: ValueObject, path: string): Mutant {
  const object = kube(`monitoring.coreos.com/v1:${kind}`, "main", "monitoring", {
    spec: { image, ...spec },
  });
  return added("M01", title, object, `${kind} monitoring/main`, path);
}

export const operatorMetrics: readonly Mutant[] = [
  operated(
    "remote write to a service outside",
    "Prometheus",
    { remoteWrite: [{ url: "https://prometheus.grafana.net/api/prom/push" }] },
    "spec.remoteWrite[0].url",
  ),
  operated(
    "remote write to an unknown address",
    "Prometheus",
    { remoteWrite: [{ url: unknown }] },
    "spec.remoteWrite[0].url",
  ),
  operated(
    "remote write of an agent",
    "PrometheusAgent",
    { remoteWrite: [{ url: "http://203.0.113.7:9090/api/v1/write" }] },
    "spec.remoteWrite[0].url",
  ),
  operated(
    "remote write to an inside host through an outside proxy",
    "Prometheus",
    {
      remoteWrite: [{ url: "http://store.monitoring.svc/push", proxyUrl: "http://p.example.com" }],
    },
    "spec.remoteWrite[0].proxyUrl",
  ),
  operated(
    "remote write whose user name looks like a host inside",
    "Prometheus",
    { remoteWrite: [{ url: "http://store.monitoring.svc@example.com/push" }] },
    "spec.remoteWrite[0].url",
  ),
  operated(
    "remote write to a domain that ends like one inside",
    "Prometheus",
    { remoteWrite: [{ url: "http://a.b.svc.cluster.local.example.com/push" }] },
    "spec.remoteWrite[0].url",
  ),
  operated(
    "remote write to a number that is an address",
    "Prometheus",
    { remoteWrite: [{ url: "http://3405803783/push" }] },
    "spec.remoteWrite[0].url",
  ),
  operated(
    "remote read from outside",
    "Prometheus",
    { remoteRead: [{ url: "https://metrics.example.com/read" }] },
    "spec.remoteRead[0].url",
  ),
  operated(
    "object store whose Secret nobody sees",
    "Prometheus",
    {
      thanos: { image, objectStorageConfig: { name: "objstore", key: "objstore.yml" } },
    },
    "spec.thanos.objectStorageConfig",
  ),
  operated(
    "object store from a file",
    "ThanosRuler",
    { objectStorageConfigFile: "/etc/objstore.yml" },
    "spec.objectStorageConfigFile",
  ),
  operated(
    "traces of Prometheus sent outside",
    "Prometheus",
    { tracingConfig: { endpoint: "otlp.example.com:4317" } },
    "spec.tracingConfig.endpoint",
  ),
  operated(
    "scrape jobs in a Secret that nobody sees",
    "Prometheus",
    { additionalScrapeConfigs: { name: "more", key: "jobs.yaml" } },
    "spec.additionalScrapeConfigs",
  ),
  operated(
    "alerts of Thanos sent outside",
    "ThanosRuler",
    { alertmanagersUrl: ["dns+http://alerts.example.com:9093"] },
    "spec.alertmanagersUrl[0]",
  ),
  operated(
    "receivers in a Secret that nobody sees",
    "Alertmanager",
    { configSecret: "by-hand" },
    "spec.configSecret",
  ),
  operated(
    "webhook outside",
    "AlertmanagerConfig",
    { receivers: [{ name: "x", webhookConfigs: [{ url: "https://example.com/hook" }] }] },
    "spec.receivers[0].webhookConfigs[0].url",
  ),
  operated(
    "webhook whose address lies in a Secret",
    "AlertmanagerConfig",
    { receivers: [{ name: "x", webhookConfigs: [{ urlSecret: { name: "s", key: "url" } }] }] },
    "spec.receivers[0].webhookConfigs[0]",
  ),
  operated(
    "pager at its maker's service",
    "AlertmanagerConfig",
    { receivers: [{ name: "x", pagerdutyConfigs: [{ routingKey: { name: "s", key: "k" } }] }] },
    "spec.receivers[0].pagerdutyConfigs[0]",
  ),
  operated(
    "mail through a server outside",
    "AlertmanagerConfig",
    {
      receivers: [{ name: "x", emailConfigs: [{ to: "a@b", smarthost: "smtp.example.com:587" }] }],
    },
    "spec.receivers[0].emailConfigs[0].smarthost",
  ),
  operated(
    "scrape of a host outside",
    "ScrapeConfig",
    { staticConfigs: [{ targets: ["metrics.example.com:443"] }] },
    "spec.staticConfigs[0].targets[0]",
  ),
  operated(
    "targets found in a cloud",
    "ScrapeConfig",
    { ec2SDConfigs: [{ region: "us-east-1" }] },
    "spec.ec2SDConfigs[0]",
  ),
  operated(
    "probe of a host outside",
    "Probe",
    {
      prober: { url: "blackbox.monitoring.svc" },
      targets: { staticConfig: { static: ["https://example.com"] } },
    },
    "spec.targets.staticConfig.static[0]",
  ),
  operated(
    "found address replaced by one outside",
    "ServiceMonitor",
    {
      endpoints: [
        { relabelings: [{ targetLabel: "__address__", replacement: "example.com:443" }] },
      ],
    },
    "spec.endpoints[0].relabelings[0].replacement",
  ),
];
