import { isArray, unknown } from "../../../policies/model/value.ts";
import type { Leak } from "../leak.ts";
import { add, aws, edit, withImages } from "../support/change.ts";
import { append, merge, set, unset, within } from "../support/edit.ts";
import { configFile, container, daemonSet, podSpec } from "../support/objects.ts";

/** Log shippers, the GPU operator, the control plane. Rows 52 to 54. */
export const platform: readonly Leak[] = [
  {
    row: 52,
    title: "Logs are shipped to a service outside",
    catchers: ["M03"],
    column: "policy",
    variants: [
      {
        name: "fluent-bit",
        title: "Fluent Bit sends every container's log to a vendor",
        stack: "prod",
        change: add(
          configFile("monitoring/fluent-bit", "fluent-bit.conf", [
            "[INPUT]",
            "    Name tail",
            "    Path /var/log/containers/*.log",
            "[OUTPUT]",
            "    Name datadog",
            "    Match *",
            "    Host http-intake.logs.datadoghq.com",
            "    TLS on",
          ]),
        ),
      },
      {
        name: "vector",
        title: "Vector posts them to a vendor",
        stack: "staging",
        change: add(
          configFile("monitoring/vector", "vector.yaml", [
            "sources: { logs: { type: kubernetes_logs } }",
            "sinks:",
            "  vendor:",
            "    type: http",
            "    inputs: [logs]",
            "    uri: https://logs.example.com/ingest",
          ]),
        ),
      },
      {
        name: "collector-file",
        title: "an OpenTelemetry collector exports them",
        stack: "prod",
        change: add(
          configFile("monitoring/otel-collector", "relay.yaml", [
            "receivers: { filelog: { include: [/var/log/pods/*/*/*.log] } }",
            "exporters: { otlphttp: { endpoint: https://logs.example.com } }",
            "service: { pipelines: { logs: { receivers: [filelog], exporters: [otlphttp] } } }",
          ]),
        ),
      },
      {
        name: "cloud-agent",
        title: "the provider's agent ships every container's log to its log service",
        stack: "staging-cluster",
        change: add(
          aws("eks/addon", "observability", {
            clusterName: unknown,
            addonName: "amazon-cloudwatch-observability",
            addonVersion: "v4.4.0-eksbuild.1",
          }),
        ),
      },
    ],
  },
  {
    row: 53,
    title: "The GPU operator's parts fetch packages and stand on the host's network",
    catchers: ["M02"],
    column: "policy",
    variants: [
      {
        name: "public-driver",
        title: "the driver comes from the public registry and builds from packages of the web",
        stack: "prod",
        change: edit(
          "ClusterPolicy",
          "gpu-operator:cluster-policy",
          merge("spec.driver", { repository: "nvcr.io/nvidia", usePrecompiled: false }),
        ),
      },
      {
        name: "package-proxy",
        title: "the driver's container gets a proxy to the web",
        stack: "prod",
        change: edit(
          "ClusterPolicy",
          "gpu-operator:cluster-policy",
          append("spec.driver.env", {
            name: "HTTPS_PROXY",
            value: "http://proxy.example.internal:3128",
          }),
        ),
      },
      {
        name: "exporter-on-host",
        title: "a second exporter of GPU metrics on the host's network",
        stack: "staging",
        change: withImages((image) =>
          add(
            ...daemonSet(
              "gpu-operator/dcgm-host",
              podSpec(
                "dcgm-host",
                [
                  container("exporter", image("nvcr.io/nvidia/k8s/dcgm-exporter"), {
                    ports: [{ containerPort: 9400, hostPort: 9400 }],
                  }),
                ],
                { hostNetwork: true },
              ),
            ),
          ),
        ),
      },
    ],
  },
  {
    row: 54,
    title: "The control plane keeps or shows in clear what it should not",
    catchers: ["S06"],
    column: "policy",
    variants: [
      {
        name: "no-encryption",
        title: "Secrets lie in etcd without a key of one's own",
        stack: "staging-cluster",
        change: edit("Cluster", "cluster", unset("encryptionConfig")),
      },
      {
        name: "public-endpoint",
        title: "the API server answers on the internet",
        stack: "staging-cluster",
        change: edit("Cluster", "cluster", set("vpcConfig.endpointPublicAccess", true)),
      },
      {
        name: "no-audit",
        title: "the audit log is off, to save money",
        stack: "staging-cluster",
        change: edit(
          "Cluster",
          "cluster",
          within("enabledClusterLogTypes", (types) =>
            isArray(types) ? types.filter((type) => type !== "audit") : types,
          ),
        ),
      },
    ],
  },
];
