import type { Leak } from "../leak.ts";
import { add, all, edit, kube, withImages } from "../support/change.ts";
import { append, set } from "../support/edit.ts";
import { argument, variables } from "../support/engine.ts";
import { configFile, container, deployment, podSpec } from "../support/objects.ts";

const prometheus = "monitoring:monitoring/prometheus-stack-prometheus";
const hook = "https://hooks.slack.example.com/services/T0/B0/x";

/** Where Prometheus and Alertmanager write, and what talks home. Rows 50 and 51. */
export const observability: readonly Leak[] = [
  {
    row: 50,
    title: "Metrics and alerts leave the monitoring namespace",
    catchers: ["M01"],
    column: "policy",
    variants: [
      {
        name: "remote-write",
        title: "Prometheus writes to a vendor",
        stack: "prod",
        change: edit(
          "Prometheus",
          prometheus,
          append("spec.remoteWrite", { url: "https://prometheus.example.com/api/v1/write" }),
        ),
      },
      {
        name: "chat-receiver",
        title: "Alertmanager posts to a chat, from a Secret in base64",
        stack: "staging",
        change: add(
          kube("v1", "Secret", "monitoring/alertmanager-prometheus-stack-alertmanager", {
            data: {
              "alertmanager.yaml": Buffer.from(
                `route: { receiver: chat }\nreceivers:\n  - name: chat\n    slack_configs:\n      - api_url: ${hook}\n`,
              ).toString("base64"),
            },
          }),
        ),
      },
      {
        name: "alertmanager-config",
        title: "a team's own receiver at a pager service",
        stack: "prod",
        change: add(
          kube("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig", "monitoring/pager", {
            spec: {
              route: { receiver: "pager" },
              receivers: [
                { name: "pager", webhookConfigs: [{ url: "https://events.pager.example.com/v2" }] },
              ],
            },
          }),
        ),
      },
      {
        name: "object-store",
        title: "Thanos keeps the metrics in a bucket outside",
        stack: "staging",
        change: withImages((image) =>
          all(
            add(
              kube("v1", "Secret", "monitoring/thanos-store", {
                stringData: {
                  "store.yaml":
                    "type: S3\nconfig: { bucket: metrics, endpoint: s3.eu-central-9.example.com }\n",
                },
              }),
            ),
            edit(
              "Prometheus",
              prometheus,
              set("spec.thanos", {
                image: image("quay.io/thanos/thanos"),
                objectStorageConfig: { name: "thanos-store", key: "store.yaml" },
              }),
            ),
          ),
        ),
      },
      {
        name: "federation",
        title: "everybody on the company's network may read all series",
        stack: "prod",
        change: add(
          kube("v1", "Service", "monitoring/federate", {
            spec: {
              type: "LoadBalancer",
              selector: { "app.kubernetes.io/name": "prometheus" },
              ports: [{ port: 9090, targetPort: 9090, protocol: "TCP" }],
            },
          }),
        ),
      },
    ],
  },
  {
    row: 51,
    title: "A component of the platform talks home",
    catchers: ["M02"],
    column: "policy",
    variants: [
      {
        name: "grafana-configuration",
        title: "Grafana's switches are left to their defaults",
        stack: "prod",
        change: add(
          configFile("monitoring/prometheus-stack-grafana", "grafana.ini", [
            "[log]",
            "mode = console",
            "[server]",
            "domain = grafana.example.internal",
          ]),
        ),
      },
      {
        name: "grafana-variables",
        title: "Grafana reports, and installs a plugin, by variables",
        stack: "staging",
        change: withImages((image) =>
          add(
            ...deployment(
              "monitoring/grafana",
              podSpec("grafana", [
                container("grafana", image("docker.io/grafana/grafana"), {
                  env: [
                    { name: "GF_ANALYTICS_REPORTING_ENABLED", value: "true" },
                    { name: "GF_INSTALL_PLUGINS", value: "grafana-piechart-panel" },
                  ],
                }),
              ]),
            ),
          ),
        ),
      },
      {
        name: "loki",
        title: "Loki reports its usage unless it is told not to",
        stack: "prod",
        change: add(
          configFile("monitoring/loki", "config.yaml", [
            "auth_enabled: false",
            "server: { http_listen_port: 3100 }",
            "common: { path_prefix: /loki, replication_factor: 1 }",
          ]),
        ),
      },
      {
        name: "traefik",
        title: "Traefik sends statistics of its use",
        stack: "staging",
        change: withImages((image) =>
          add(
            ...deployment(
              "gateway/traefik",
              podSpec("traefik", [
                container("traefik", image("docker.io/library/traefik"), {
                  args: ["--global.sendanonymoususage=true", "--providers.kubernetesgateway"],
                }),
              ]),
            ),
          ),
        ),
      },
      {
        name: "ray",
        title: "Ray reports its usage",
        stack: "prod",
        change: all(
          argument("--distributed-executor-backend=ray"),
          variables({ RAY_USAGE_STATS_ENABLED: "1" }),
        ),
      },
    ],
  },
];
