import type { Resource } from "../../../policies/model/resource.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { goodResources, kube } from "../good-graph.ts";
import { added, digest, type Mutant } from "./mutant.ts";

const quiet = `[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false
[news]
news_feed_enabled = false
[security]
disable_gravatar = true
[snapshots]
external_enabled = false
[plugins]
preinstall_disabled = true
public_key_retrieval_disabled = true
`;

const container = "spec.template.spec.containers[0]";

/** Grafana with its file, and variables beside it. */
export function grafana(
  ini: Value | undefined,
  env: readonly ValueObject[] = [],
): readonly Resource[] {
  const pod = {
    containers: [
      {
        name: "grafana",
        image: `registry.internal/llm/grafana/grafana@${digest}`,
        env,
        volumeMounts: [
          { name: "config", mountPath: "/etc/grafana/grafana.ini", subPath: "grafana.ini" },
        ],
      },
    ],
    volumes: [{ name: "config", configMap: { name: "grafana" } }],
  };
  return [
    ...(ini === undefined
      ? []
      : [kube("core/v1:ConfigMap", "grafana", "monitoring", { data: { "grafana.ini": ini } })]),
    kube("apps/v1:Deployment", "grafana", "monitoring", {
      spec: { template: { metadata: {}, spec: pod } },
    }),
  ];
}

export const quietGrafana = grafana(quiet);

function grafanaMutant(
  title: string,
  parts: readonly Resource[],
  object: string,
  path: string,
): Mutant {
  return { rule: "M02", title, resources: [...goodResources, ...parts], object, path };
}

const deployment = "Deployment monitoring/grafana";
const file = 'data["grafana.ini"]';

function program(title: string, name: string, more: ValueObject, path = container): Mutant {
  const image = `registry.internal/llm/mirror/${name}@${digest}`;
  const workload = kube("apps/v1:Deployment", "program", "monitoring", {
    spec: { template: { metadata: {}, spec: { containers: [{ name: "main", image, ...more }] } } },
  });
  return added("M02", title, workload, "Deployment monitoring/program", path);
}

function driver(title: string, spec: ValueObject, path: string): Mutant {
  const policy = kube("nvidia.com/v1:ClusterPolicy", "cluster-policy", undefined, { spec });
  return added("M02", title, policy, "ClusterPolicy cluster-policy", path);
}

const packages = (data: ValueObject) =>
  kube("core/v1:ConfigMap", "packages", "monitoring", { data });
const withPackages = kube("nvidia.com/v1:ClusterPolicy", "cluster-policy", undefined, {
  spec: { driver: { enabled: true, repoConfig: { configMapName: "packages" } } },
});

export const phoneHome: readonly Mutant[] = [
  grafanaMutant(
    "Grafana that reports usage",
    grafana(quiet.replace("reporting_enabled = false", "reporting_enabled = true")),
    "ConfigMap monitoring/grafana",
    file,
  ),
  grafanaMutant(
    "Grafana that says nothing of updates",
    grafana(quiet.replace("check_for_updates = false\n", "")),
    deployment,
    container,
  ),
  grafanaMutant(
    "Grafana with the setting in a section of another name",
    grafana(quiet.replace("[analytics]", "[analytic]")),
    deployment,
    container,
  ),
  grafanaMutant(
    "Grafana whose second word turns reports on again",
    grafana(quiet.replace("[news]", "reporting_enabled = true\n[news]")),
    "ConfigMap monitoring/grafana",
    file,
  ),
  grafanaMutant(
    "Grafana with the setting commented out",
    grafana(quiet.replace("news_feed_enabled", ";news_feed_enabled")),
    deployment,
    container,
  ),
  grafanaMutant("Grafana whose file nobody sees", grafana(undefined), deployment, container),
  grafanaMutant("Grafana whose file is not known", grafana(unknown), deployment, container),
  grafanaMutant(
    "Grafana whose variable turns reports on again",
    grafana(quiet, [{ name: "GF_ANALYTICS_REPORTING_ENABLED", value: "true" }]),
    deployment,
    `${container}.env[0].value`,
  ),
  grafanaMutant(
    "Grafana whose variable is not known",
    grafana(quiet, [{ name: "GF_ANALYTICS_CHECK_FOR_UPDATES", value: unknown }]),
    deployment,
    `${container}.env[0].value`,
  ),
  grafanaMutant(
    "Grafana that installs plugins",
    grafana(quiet, [{ name: "GF_INSTALL_PLUGINS", value: "grafana-piechart-panel" }]),
    deployment,
    `${container}.env[0]`,
  ),
  program(
    "Grafana with variables from elsewhere",
    "grafana",
    { envFrom: [{ secretRef: { name: "s" } }] },
    `${container}.envFrom[0]`,
  ),
  program("Loki that reports usage", "grafana/loki", {}),
  program(
    "Loki that reports usage by its flag",
    "grafana/loki",
    { args: ["-reporting.enabled=true"] },
    `${container}.args`,
  ),
  program("Tempo that reports usage", "grafana/tempo", {}),
  program(
    "Mimir that reports usage",
    "grafana/mimir",
    { args: ["-usage-stats.enabled"] },
    `${container}.args`,
  ),
  program("Alloy that reports usage", "grafana/alloy", { args: ["run", "/etc/alloy"] }),
  program("Traefik that looks for updates", "traefik", { args: ["--api"] }),
  program(
    "Traefik that reports usage",
    "traefik",
    { args: ["--global.checkNewVersion=false", "--global.sendAnonymousUsage"] },
    `${container}.args`,
  ),
  program("Ray that reports usage", "rayproject/ray", {}),
  program(
    "Ray that reports usage by its variable",
    "rayproject/ray-ml",
    { env: [{ name: "RAY_USAGE_STATS_ENABLED", value: "1" }] },
    `${container}.env[0].value`,
  ),
  program("Ray under another image's name", "python", { command: ["ray", "start", "--head"] }),
  driver(
    "driver that downloads packages",
    { driver: { enabled: true } },
    "spec.driver.repoConfig.configMapName",
  ),
  driver(
    "driver by the operator's own default",
    { driver: {} },
    "spec.driver.repoConfig.configMapName",
  ),
  driver("unknown driver", { driver: unknown }, "spec.driver"),
  driver(
    "driver whose sources nobody sees",
    { driver: { repoConfig: { configMapName: "by-hand" } } },
    "spec.driver.repoConfig.configMapName",
  ),
  driver(
    "exporter in the network of the node",
    { driver: { enabled: false }, dcgmExporter: { hostNetwork: true } },
    "spec.dcgmExporter.hostNetwork",
  ),
  {
    rule: "M02",
    title: "driver with packages of the distribution",
    resources: [
      ...goodResources,
      packages({ "site.list": "deb http://archive.ubuntu.com/ubuntu noble main" }),
      withPackages,
    ],
    object: "ConfigMap monitoring/packages",
    path: 'data["site.list"]',
  },
  {
    rule: "M02",
    title: "driver with package sources that name no server",
    resources: [...goodResources, packages({ "site.list": "# later" }), withPackages],
    object: "ConfigMap monitoring/packages",
    path: "data",
  },
  added(
    "M02",
    "second kind of driver resource that downloads packages",
    kube("nvidia.com/v1alpha1:NVIDIADriver", "default", undefined, { spec: {} }),
    "NVIDIADriver default",
    "spec.repoConfig.name",
  ),
  added(
    "M02",
    "node feature discovery that runs programs of the host",
    kube("core/v1:ConfigMap", "nfd", "monitoring", {
      data: { "nfd-worker.conf": "sources:\n  local:\n    hooksEnabled: true\n" },
    }),
    "ConfigMap monitoring/nfd",
    'data["nfd-worker.conf"].sources.local.hooksEnabled',
  ),
  added(
    "M02",
    "Grafana of an operator",
    kube("grafana.integreatly.org/v1beta1:Grafana", "main", "monitoring", {
      spec: { config: { analytics: { reporting_enabled: "true" } } },
    }),
    "Grafana monitoring/main",
    "spec.config.analytics.reporting_enabled",
  ),
];
