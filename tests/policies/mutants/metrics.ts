import { gzipSync } from "node:zlib";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { aws } from "../cloud-graph.ts";
import { kube } from "../good-graph.ts";
import { added, cloudAdded, digest, fileMutant, type Mutant } from "./mutant.ts";

const image = `registry.internal/llm/prometheus@${digest}`;

function operated(title: string, kind: string, spec: ValueObject, path: string): Mutant {
  const object = kube(`monitoring.coreos.com/v1:${kind}`, "main", "monitoring", {
    spec: { image, ...spec },
  });
  return added("M01", title, object, `${kind} monitoring/main`, path);
}

/** A Secret of the monitoring namespace with one encoded file. */
function secret(title: string, key: string, data: Value, path: string): Mutant {
  const object = kube("core/v1:Secret", "alertmanager-main", "monitoring", {
    data: { [key]: data },
  });
  return added("M01", title, object, "Secret monitoring/alertmanager-main", path);
}

const slack = `
global:
  slack_api_url: https://hooks.slack.com/services/T0/B0/secret
receivers:
  - name: team
    slack_configs: [{channel: alerts}]
`;
const webhook = `
receivers:
  - name: "null"
  - name: team
    webhook_configs:
      - url: https://alerts.example.com/hook
`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

export const metrics: readonly Mutant[] = [
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
  secret(
    "Slack in the encoded Secret of Alertmanager",
    "alertmanager.yaml",
    base64(slack),
    'data["alertmanager.yaml"].global.slack_api_url',
  ),
  secret(
    "webhook in the encoded Secret of Alertmanager",
    "alertmanager.yaml",
    base64(webhook),
    'data["alertmanager.yaml"].receivers[1].webhook_configs[0].url',
  ),
  secret(
    "webhook in a compressed Secret",
    "alertmanager.yaml.gz",
    gzipSync(webhook).toString("base64"),
    'data["alertmanager.yaml.gz"].receivers[1].webhook_configs[0].url',
  ),
  secret(
    "webhook in a Secret of another name",
    "config",
    base64(webhook),
    "data.config.receivers[1].webhook_configs[0].url",
  ),
  secret(
    "Secret of Alertmanager that nobody can decrypt",
    "alertmanager.yaml",
    "[secret]",
    'data["alertmanager.yaml"]',
  ),
  secret(
    "Secret of Alertmanager that is not known",
    "alertmanager.yaml",
    unknown,
    'data["alertmanager.yaml"]',
  ),
  secret(
    "object store of a cloud",
    "objstore.yml",
    base64("type: S3\nconfig: {bucket: b, endpoint: s3.us-east-1.amazonaws.com}"),
    'data["objstore.yml"].config.endpoint',
  ),
  secret(
    "object store without an endpoint",
    "objstore.yml",
    base64("type: GCS\nconfig: {bucket: b}"),
    'data["objstore.yml"].type',
  ),
  fileMutant(
    "M01",
    "remote write in Prometheus' own file",
    "prometheus.yml",
    "remote_write:\n  - url: https://push.example.com/\n",
    'data["prometheus.yml"].remote_write[0].url',
  ),
  fileMutant(
    "M01",
    "scrape job of a host outside",
    "prometheus.yml",
    "scrape_configs:\n  - job_name: x\n    static_configs: [{targets: ['example.com:443']}]\n",
    'data["prometheus.yml"].scrape_configs[0].static_configs[0].targets[0]',
  ),
  fileMutant(
    "M01",
    "federation from outside",
    "prometheus.yml",
    "scrape_configs:\n  - metrics_path: /federate\n    http_sd_configs: [{url: 'https://sd.example.com'}]\n",
    'data["prometheus.yml"].scrape_configs[0].http_sd_configs[0].url',
  ),
  fileMutant(
    "M01",
    "data source outside",
    "ds.yaml",
    "datasources:\n  - {name: x, type: prometheus, url: https://metrics.example.com}\n",
    'data["ds.yaml"].datasources[0].url',
  ),
  fileMutant(
    "M01",
    "data source of a cloud without url",
    "ds.yaml",
    "datasources:\n  - {name: x, type: cloudwatch}\n",
    'data["ds.yaml"].datasources[0]',
  ),
  fileMutant(
    "M01",
    "contact point outside",
    "alerting.yaml",
    "contactPoints:\n  - receivers: [{type: webhook, settings: {url: https://example.com}}]\n",
    'data["alerting.yaml"].contactPoints[0].receivers[0].settings.url',
  ),
  fileMutant("M01", "mail of Grafana", "grafana.ini", "[smtp]\nhost = smtp.example.com:587\n"),
  fileMutant(
    "M01",
    "pictures of Grafana in a cloud",
    "grafana.ini",
    "[external_image_storage]\nprovider = s3\n",
  ),
  fileMutant(
    "M01",
    "receivers that are no YAML",
    "alertmanager.yaml",
    "receivers: [\n",
    'data["alertmanager.yaml"]',
  ),
  added(
    "M01",
    "agent that takes its destination as an argument",
    kube("apps/v1:DaemonSet", "vmagent", "monitoring", {
      spec: {
        template: {
          metadata: {},
          spec: {
            containers: [
              { image, args: ["-remoteWrite.url=https://push.example.com/api/v1/write"] },
            ],
          },
        },
      },
    }),
    "DaemonSet monitoring/vmagent",
    "spec.template.spec.containers[0].args",
  ),
  cloudAdded("M01", "stream of metrics", aws("cloudwatch/metricStream:MetricStream", "out", {})),
];
