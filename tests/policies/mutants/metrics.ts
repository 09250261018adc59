import { gzipSync } from "node:zlib";
import { unknown, type Value } from "../../../policies/model/value.ts";
import { aws } from "../cloud-graph.ts";
import { kube } from "../good-graph.ts";
import { added, cloudAdded, digest, fileMutant, type Mutant } from "./mutant.ts";

const image = `registry.internal/llm/prometheus@${digest}`;

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

export const fileMetrics: readonly Mutant[] = [
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
