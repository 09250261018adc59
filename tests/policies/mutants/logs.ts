import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import { aws } from "../cloud-graph.ts";
import { kube } from "../good-graph.ts";
import { added, cloudAdded, cloudMutant, digest, fileMutant, type Mutant } from "./mutant.ts";

const classic = (output: string) => `[INPUT]\n    Name tail\n[OUTPUT]\n    ${output}\n`;

function shipped(title: string, key: string, text: string, path?: string): Mutant {
  return path === undefined
    ? fileMutant("M03", title, key, text)
    : fileMutant("M03", title, key, text, path);
}

function resource(title: string, type: string, spec: ValueObject, path: string): Mutant {
  const object = kube(type, "out", "monitoring", { spec });
  return added("M03", title, object, `${type.split(":").at(-1)} monitoring/out`, path);
}

const collector = `
receivers: {otlp: {protocols: {grpc: {}}}}
exporters:
  debug: {}
  otlphttp/site: {endpoint: https://otlp.example.com}
service:
  pipelines:
    logs: {receivers: [otlp], exporters: [otlphttp/site]}
`;

const loki = `
schema_config: {configs: []}
common: {storage: {filesystem: {chunks_directory: /loki}}}
limits_config: {retention_period: 720h}
compactor: {retention_enabled: true}
`;

export const logs: readonly Mutant[] = [
  shipped(
    "Fluent Bit that sends to a service outside",
    "fluent-bit.conf",
    classic("Name es\n    Host logs.example.com"),
  ),
  shipped(
    "Fluent Bit that sends to Datadog",
    "fluent-bit.conf",
    classic("Name datadog\n    apikey x"),
  ),
  shipped(
    "Fluent Bit whose host is a variable",
    "fluent-bit.conf",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shipper's own notation.
    classic("Name loki\n    Host ${LOKI_HOST}"),
  ),
  shipped(
    "Fluent Bit that sends to CloudWatch",
    "fluent-bit.conf",
    classic("Name cloudwatch_logs\n    region us-east-1\n    log_retention_days 30"),
  ),
  shipped(
    "Fluent Bit under another file's name",
    "output",
    classic("Name http\n    Host logs.example.com"),
    "data.output",
  ),
  shipped(
    "Fluent Bit in YAML",
    "fluent-bit.yaml",
    "pipeline:\n  outputs:\n    - {name: http, host: logs.example.com}\n",
    'data["fluent-bit.yaml"].pipeline.outputs[0].host',
  ),
  shipped(
    "Fluentd that sends outside",
    "fluent.conf",
    "<match **>\n  @type copy\n  <store>\n    @type forward\n    <server>\n      host logs.example.com\n    </server>\n  </store>\n</match>\n",
  ),
  shipped(
    "Fluentd that sends to its maker's friend",
    "fluent.conf",
    "<match **>\n  @type s3\n</match>\n",
  ),
  shipped(
    "Vector that sends to a service outside",
    "vector.yaml",
    "sinks:\n  out: {type: http, uri: https://logs.example.com}\n",
    'data["vector.yaml"].sinks.out.uri',
  ),
  shipped(
    "Vector in TOML",
    "vector.toml",
    '[sinks.out]\ntype = "elasticsearch"\nendpoints = ["https://logs.example.com"]\n',
  ),
  shipped(
    "Vector to a service that needs no address",
    "vector.toml",
    '[sinks.out]\ntype = "datadog_logs"\ndefault_api_key = "x"\n',
  ),
  shipped(
    "collector that sends logs outside",
    "collector.yaml",
    collector,
    'data["collector.yaml"].exporters.otlphttp/site.endpoint'.replace(
      ".otlphttp/site",
      '["otlphttp/site"]',
    ),
  ),
  shipped(
    "collector with an exporter of a service",
    "collector.yaml",
    "exporters: {datadog: {api: {key: x}}}\n",
    'data["collector.yaml"].exporters.datadog',
  ),
  shipped(
    "Promtail that sends outside",
    "promtail.yaml",
    "clients: [{url: https://logs.example.com/push}]\nscrape_configs: []\n",
    'data["promtail.yaml"].clients[0].url',
  ),
  shipped(
    "Alloy that sends outside",
    "config.alloy",
    'loki.write "out" {\n  endpoint {\n    url = "https://logs.example.com/push"\n  }\n}\n',
  ),
  shipped(
    "Alloy whose address is an expression",
    "config.alloy",
    'loki.write "out" {\n  endpoint {\n    url = sys.env("LOKI")\n  }\n}\n',
  ),
  shipped(
    "Loki that keeps everything",
    "loki.yaml",
    loki.replace("retention_period: 720h", "retention_period: 0s"),
    'data["loki.yaml"].limits_config.retention_period',
  ),
  shipped(
    "Loki that never deletes",
    "loki.yaml",
    loki.replace("retention_enabled: true", "retention_enabled: false"),
    'data["loki.yaml"].compactor.retention_enabled',
  ),
  shipped(
    "Loki in a bucket of a cloud",
    "loki.yaml",
    loki.replace("filesystem: {chunks_directory: /loki}", "s3: {region: us-east-1}"),
    'data["loki.yaml"].common.storage.s3',
  ),
  shipped(
    "agent of CloudWatch",
    "cwagentconfig.json",
    '{"agent":{"region":"us-east-1"},"logs":{"logs_collected":{"files":{"collect_list":[{"file_path":"/x","retention_in_days":30}]}}}}',
    'data["cwagentconfig.json"].logs.logs_collected.files.collect_list[0]',
  ),
  shipped(
    "field of prompts",
    "fluent-bit.conf",
    classic("Name stdout\n[FILTER]\n    Name modify\n    Copy prompt message"),
  ),
  shipped(
    "field of answers by instrumentation's name",
    "vector.yaml",
    "sinks: {out: {type: console}}\ntransforms:\n  a: {type: remap, source: '.m = .gen_ai.completion'}\n",
  ),
  fileMutant("M03", "file of a shipper that is not known", "fluent-bit.conf", unknown),
  resource(
    "output of an operator to a service outside",
    "fluentbit.fluent.io/v1alpha2:ClusterOutput",
    { match: "*", es: { host: "logs.example.com" } },
    "spec.es.host",
  ),
  resource(
    "output of an operator that names no address",
    "logging.banzaicloud.io/v1beta1:ClusterOutput",
    { logz: { output_include_time: true } },
    "spec.logz",
  ),
  resource(
    "forwarder of another platform",
    "observability.openshift.io/v1:ClusterLogForwarder",
    { outputs: [{ name: "x", type: "splunk", url: "https://splunk.example.com" }] },
    "spec.outputs[0].url",
  ),
  resource("agent of Datadog", "datadoghq.com/v2alpha1:DatadogAgent", { global: {} }, "spec"),
  added(
    "M03",
    "agent that sends to its maker's service",
    kube("apps/v1:DaemonSet", "agent", "monitoring", {
      spec: {
        template: {
          metadata: {},
          spec: { containers: [{ image: `registry.internal/llm/datadog/agent@${digest}` }] },
        },
      },
    }),
    "DaemonSet monitoring/agent",
    "spec.template.spec.containers[0].image",
  ),
  cloudMutant(
    "M03",
    "log group without an end",
    "LogGroup/audit",
    ["retentionInDays"],
    undefined,
    "retentionInDays",
  ),
  cloudMutant(
    "M03",
    "log group that never deletes",
    "LogGroup/audit",
    ["retentionInDays"],
    0,
    "retentionInDays",
  ),
  cloudMutant(
    "M03",
    "log group of unknown retention",
    "LogGroup/audit",
    ["retentionInDays"],
    unknown,
    "retentionInDays",
  ),
  cloudAdded(
    "M03",
    "logs sent on",
    aws("cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "out", {}),
  ),
  cloudAdded(
    "M03",
    "add-on that sends container logs to CloudWatch",
    aws("eks/addon:Addon", "observability", {
      addonName: "amazon-cloudwatch-observability",
      addonVersion: "v4.0.0-eksbuild.1",
    }),
    "addonName",
  ),
];
