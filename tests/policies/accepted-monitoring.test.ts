import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { Settings } from "../../policies/model/settings.ts";
import type { ValueObject } from "../../policies/model/value.ts";
import { evaluate } from "../../policies/runner.ts";
import { goodResources, kube, settings } from "./good-graph.ts";
import { digest } from "./mutants/mutant.ts";
import { quietGrafana } from "./mutants/phone-home.ts";

/** What the rules say of more objects beside the good ones, as `rule object: path`. */
function found(resources: readonly Resource[], told: Settings = settings): readonly string[] {
  const { findings } = evaluate(graphOf([...goodResources, ...resources]), told);
  return findings.map((each) => `${each.policy} ${each.object}: ${each.path}`);
}

function listing(policies: Partial<Settings["policies"]>): Settings {
  return { ...settings, policies: { ...settings.policies, ...policies } };
}

function file(text: string, key = "file.yaml"): Resource {
  return kube("core/v1:ConfigMap", "file", "monitoring", { data: { [key]: text } });
}

const image = `registry.internal/llm/prometheus@${digest}`;
const prometheus = (spec: ValueObject) =>
  kube("monitoring.coreos.com/v1:Prometheus", "main", "monitoring", { spec: { image, ...spec } });

test("metrics may go to Services of the cluster, by every name that they have", (t) => {
  const urls = [
    "http://store",
    "http://store:9090/api/v1/push",
    "http://store.monitoring/push",
    "http://store.monitoring.svc/push",
    "http://store.monitoring.svc.cluster.local:8080/push",
    "http://store-0.store.monitoring.svc/push",
    "http://127.0.0.1:9090",
    "http://10.96.0.20/push",
  ];
  t.deepEqual(found([prometheus({ remoteWrite: urls.map((url) => ({ url })) })]), []);
});

test("a name of two parts is a Service only in a namespace that the stack knows", (t) => {
  const write = prometheus({ remoteWrite: [{ url: "http://store.team/push" }] });
  t.deepEqual(found([write]), ["M01 Prometheus monitoring/main: spec.remoteWrite[0].url"]);
  t.deepEqual(found([write, kube("core/v1:Namespace", "team", undefined, {})]), []);
});

test("metrics may go to a listed host, on the port that is listed", (t) => {
  const write = prometheus({ remoteWrite: [{ url: "https://metrics.site.example/push" }] });
  t.deepEqual(found([write], listing({ monitoringHosts: ["metrics.site.example"] })), []);
  t.deepEqual(found([write], listing({ monitoringHosts: ["metrics.site.example:443"] })), []);
  t.deepEqual(found([write], listing({ monitoringHosts: ["metrics.site.example:8443"] })), [
    "M01 Prometheus monitoring/main: spec.remoteWrite[0].url",
  ]);
  t.deepEqual(found([write], listing({ monitoringHosts: ["site.example"] })), [
    "M01 Prometheus monitoring/main: spec.remoteWrite[0].url",
  ]);
});

test("alerts may go to a webhook inside, and mail through a listed server", (t) => {
  const config = `
global: {smtp_smarthost: "mail.site.example:587", smtp_from: alerts@site.example}
receivers:
  - name: "null"
  - name: team
    webhook_configs: [{url: "http://alert-sink.monitoring.svc/hook"}]
    email_configs: [{to: team@site.example}]
`;
  const secret = kube("core/v1:Secret", "alertmanager-main", "monitoring", {
    data: { "alertmanager.yaml": Buffer.from(config).toString("base64") },
  });
  t.deepEqual(found([secret], listing({ monitoringHosts: ["mail.site.example"] })), []);
});

test("what a Secret holds never shows in a message", (t) => {
  const text = "receivers: [{name: x, webhook_configs: [{url: 'https://hidden.example/token'}]}]";
  const secret = kube("core/v1:Secret", "alertmanager-main", "monitoring", {
    data: { "alertmanager.yaml": Buffer.from(text).toString("base64") },
  });
  const { findings } = evaluate(graphOf([secret]), settings);
  t.is(findings.length, 1);
  t.false(JSON.stringify(findings).includes("hidden"));
});

test("an object store inside, named by a Secret of the stack, passes", (t) => {
  const secret = kube("core/v1:Secret", "objstore", "monitoring", {
    stringData: { "objstore.yml": "type: S3\nconfig: {endpoint: minio.storage.svc:9000}\n" },
  });
  const thanos = { image, objectStorageConfig: { name: "objstore", key: "objstore.yml" } };
  t.deepEqual(found([secret, prometheus({ thanos })]), []);
});

test("jobs that find their targets in Kubernetes pass", (t) => {
  const jobs = `
scrape_configs:
  - job_name: pods
    kubernetes_sd_configs: [{role: pod}]
    relabel_configs:
      - {source_labels: [__address__], target_label: __address__, replacement: "$1:9100"}
      - {source_labels: [a], target_label: b, replacement: example.com}
`;
  t.deepEqual(found([file(jobs, "prometheus.yml")]), []);
});

test("dashboards, scripts and other files that only look alike pass", (t) => {
  const dashboard = JSON.stringify({
    links: [{ url: "https://grafana.com/docs" }],
    templating: { list: [{ type: "datasource", query: "prometheus" }] },
  });
  t.deepEqual(
    found([
      file(dashboard, "board.json"),
      kube("core/v1:Secret", "key", "monitoring", {
        stringData: { password: "[secret]" },
      }),
    ]),
    [],
  );
});

test("Grafana that is told not to ask the outside passes, by its file and by variables", (t) => {
  t.deepEqual(found(quietGrafana), []);
});

test("programs that are told to keep quiet pass", (t) => {
  const containers = [
    { name: "loki", image: "loki", args: ["-reporting.enabled=false"] },
    { name: "mimir", image: "mimir", args: ["-usage-stats.enabled", "false"] },
    { name: "alloy", image: "alloy", args: ["run", "--disable-reporting"] },
    { name: "traefik", image: "traefik", args: ["--global.checknewversion=false"] },
    { name: "ray", image: "ray", env: [{ name: "RAY_USAGE_STATS_ENABLED", value: "0" }] },
  ].map((each) => ({ ...each, image: `registry.internal/llm/${each.image}@${digest}` }));
  const pods = kube("apps/v1:Deployment", "programs", "monitoring", {
    spec: { template: { metadata: {}, spec: { containers } } },
  });
  t.deepEqual(found([pods]), []);
});

test("Tempo is quiet by the file that it mounts, and by no other", (t) => {
  const tempo = (mountPath: string) =>
    kube("apps/v1:StatefulSet", "tempo", "monitoring", {
      spec: {
        template: {
          metadata: {},
          spec: {
            containers: [
              {
                name: "tempo",
                image: `registry.internal/llm/grafana/tempo@${digest}`,
                volumeMounts: [{ name: mountPath, mountPath: "/conf" }],
              },
            ],
            volumes: [
              { name: "config", configMap: { name: "tempo" } },
              { name: "other", configMap: { name: "other" } },
            ],
          },
        },
      },
    });
  const config = kube("core/v1:ConfigMap", "tempo", "monitoring", {
    data: { "tempo.yaml": "usage_report:\n  reporting_enabled: false\n" },
  });
  t.deepEqual(found([config, tempo("config")]), []);
  t.is(found([config, tempo("other")]).length, 1);
});

test("a driver passes precompiled, with packages from inside, or where the node has one", (t) => {
  const policy = (driver: ValueObject) =>
    kube("nvidia.com/v1:ClusterPolicy", "cluster-policy", undefined, { spec: { driver } });
  const packages = kube("core/v1:ConfigMap", "packages", "monitoring", {
    data: { "site.list": "deb https://packages.site.example/ubuntu noble main" },
  });
  const listed = listing({ packageHosts: ["packages.site.example"] });
  t.deepEqual(found([policy({ enabled: false })]), []);
  t.deepEqual(found([policy({ usePrecompiled: true })]), []);
  t.deepEqual(found([policy({ repoConfig: { configMapName: "packages" } }), packages], listed), []);
});

test("logs may go to Loki inside, to a listed host, and into the pod's own output", (t) => {
  const classic =
    "[OUTPUT]\n    Name loki\n    Host loki.monitoring.svc\n[OUTPUT]\n    Name stdout\n";
  const listed = listing({ logHosts: ["logs.site.example", "logs.us-east-1.amazonaws.com"] });
  const files = [
    file(classic, "fluent-bit.conf"),
    file("<match **>\n  @type stdout\n</match>\n", "fluent.conf"),
    file("sinks: {out: {type: http, uri: 'https://logs.site.example/in'}}\n", "vector.yaml"),
    file(
      "[OUTPUT]\n    Name cloudwatch_logs\n    region us-east-1\n    log_retention_days 30\n",
      "aws.conf",
    ),
  ].map((each, index) => ({ ...each, name: `file-${index}`, urn: `${each.urn}-${index}` }));
  t.deepEqual(found(files, listed), []);
});

test("logs in CloudWatch need an end, even where its host is listed", (t) => {
  const listed = listing({ logHosts: ["logs.us-east-1.amazonaws.com"] });
  const shipper = (days: string) =>
    file(`[OUTPUT]\n    Name cloudwatch_logs\n    region us-east-1\n${days}`, "aws.conf");
  for (const days of ["", "    log_retention_days 0\n", "    log_retention_days -1\n"]) {
    t.deepEqual(found([shipper(days)], listed), [
      'M03 ConfigMap monitoring/file: data["aws.conf"]',
    ]);
  }
});

test("a collector's signals have a list of hosts each", (t) => {
  const collector = (signal: string) =>
    file(
      `exporters: {otlp: {endpoint: "https://otlp.site.example:4317"}}\nservice: {pipelines: {${signal}: {exporters: [otlp]}}}\n`,
    );
  const listed = listing({ traceHosts: ["otlp.site.example"] });
  t.deepEqual(found([collector("traces")], listed), []);
  t.deepEqual(found([collector("logs")], listed), [
    'M03 ConfigMap monitoring/file: data["file.yaml"].exporters.otlp.endpoint',
  ]);
});

test("a shipper that takes prompts away may name them", (t) => {
  const removing =
    "[FILTER]\n    Name record_modifier\n    Remove_key prompt\n[OUTPUT]\n    Name stdout\n";
  const deleting = `
exporters: {debug: {}}
processors:
  attributes:
    actions:
      - key: gen_ai.prompt
        action: delete
`;
  t.deepEqual(found([file(removing, "fluent-bit.conf")]), []);
  t.deepEqual(found([file(deleting, "collector.yaml")]), []);
});
