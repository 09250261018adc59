import { type PinnedImage, type Registry, registryPath } from "../lib/images.ts";
import { stackName } from "./access.ts";

export interface MonitoringImages {
  readonly prometheusOperator: PinnedImage;
  readonly prometheusConfigReloader: PinnedImage;
  readonly prometheus: PinnedImage;
  readonly alertmanager: PinnedImage;
  readonly nodeExporter: PinnedImage;
  readonly kubeStateMetrics: PinnedImage;
  readonly grafana: PinnedImage;
  readonly grafanaSidecar: PinnedImage;
}

/** Secret that holds Grafana's first account. */
export interface GrafanaAdmin {
  readonly secret: string;
  readonly userKey: string;
  readonly passwordKey: string;
}

/** How long metrics are kept, and the volume that holds them. */
const retention = "30d";
const prometheusVolumeGib = 200;

/** Base URL of the Prometheus that the chart makes. @param namespace of monitoring */
export function prometheusAddress(namespace: string): string {
  return `http://${stackName}-prometheus.${namespace}.svc:9090`;
}

/**
 * The chart's values; keys read from values.yaml of kube-prometheus-stack 88.5.3. Charts here are
 * rendered without hooks, so what a hook would make (the admission webhook's certificate) is off.
 */
export function prometheusStackValues(
  images: MonitoringImages,
  registry: Registry,
  storageClass: string,
  grafanaAdmin: GrafanaAdmin,
  namespace: string,
) {
  const image = (pinned: PinnedImage) => imageWithSha(pinned, registry);
  return {
    // A changed release name would otherwise rename every object.
    fullnameOverride: stackName,
    // The chart's own roles reach the Secrets and pods of every namespace; access.ts grants less.
    global: { rbac: { create: false } },
    crds: { enabled: true, upgradeJob: { enabled: false } },
    prometheusOperator: {
      image: image(images.prometheusOperator),
      prometheusConfigReloader: { image: image(images.prometheusConfigReloader) },
      // Nothing here starts Thanos, but the operator is told its image, by default a public one.
      thanosImage: { registry: registryPath(registry), repository: "quay.io/thanos/thanos" },
      admissionWebhooks: { enabled: false },
      tls: { enabled: false },
      // What it makes from elsewhere it would need rights for elsewhere.
      prometheusInstanceNamespaces: [namespace],
      alertmanagerInstanceNamespaces: [namespace],
      alertmanagerConfigNamespaces: [namespace],
      thanosRulerInstanceNamespaces: [namespace],
    },
    prometheus: {
      prometheusSpec: {
        image: image(images.prometheus),
        retention,
        // Monitors and rules of the models carry no release label.
        podMonitorSelectorNilUsesHelmValues: false,
        serviceMonitorSelectorNilUsesHelmValues: false,
        ruleSelectorNilUsesHelmValues: false,
        probeSelectorNilUsesHelmValues: false,
        scrapeConfigSelectorNilUsesHelmValues: false,
        storageSpec: {
          volumeClaimTemplate: {
            spec: {
              storageClassName: storageClass,
              accessModes: ["ReadWriteOnce"],
              resources: { requests: { storage: `${prometheusVolumeGib}Gi` } },
            },
          },
        },
      },
    },
    alertmanager: { alertmanagerSpec: { image: image(images.alertmanager) } },
    "kube-state-metrics": {
      // To count them it would have to read them, in every namespace.
      collectorsExclude: ["secrets", "configmaps"],
      // This chart's field of the same name takes the algorithm with it.
      image: {
        ...mirrored(images.kubeStateMetrics, registry),
        sha: images.kubeStateMetrics.digest,
      },
    },
    "prometheus-node-exporter": {
      // The chart would append `-distroless` to a tag whose digest was read without it.
      image: { ...imageWithDigest(images.nodeExporter, registry), distroless: false },
    },
    grafana: grafanaValues(images, registry, grafanaAdmin, namespace),
  };
}

/** Nothing of Grafana asks the outside: no usage report, no update check, no news, no plugin download. */
function grafanaValues(
  images: MonitoringImages,
  registry: Registry,
  admin: GrafanaAdmin,
  namespace: string,
) {
  const image = (pinned: PinnedImage) => imageWithSha(pinned, registry);
  return {
    image: image(images.grafana),
    // Without one the chart makes up a password at every rendering.
    admin: { existingSecret: admin.secret, userKey: admin.userKey, passwordKey: admin.passwordKey },
    sidecar: {
      image: image(images.grafanaSidecar),
      dashboards: {
        label: "grafana_dashboard",
        labelValue: "1",
        resource: "configmap",
        searchNamespace: namespace,
      },
    },
    // Its sidecars would otherwise read the Secrets of every namespace.
    rbac: { namespaced: true },
    initChownData: { enabled: false },
    testFramework: { enabled: false },
    "grafana.ini": {
      analytics: {
        reporting_enabled: false,
        check_for_updates: false,
        check_for_plugin_updates: false,
        feedback_links_enabled: false,
      },
      news: { news_feed_enabled: false },
      security: { disable_gravatar: true },
      snapshots: { external_enabled: false },
      // Without this it fetches the keys that sign plugins.
      plugins: { preinstall_disabled: true, public_key_retrieval_disabled: true },
    },
  };
}

function imageWithSha(pinned: PinnedImage, registry: Registry) {
  return { ...mirrored(pinned, registry), sha: pinned.digest.slice("sha256:".length) };
}

function imageWithDigest(pinned: PinnedImage, registry: Registry) {
  return { ...mirrored(pinned, registry), digest: pinned.digest };
}

/** These charts join registry, repository, tag and digest themselves. */
function mirrored(pinned: PinnedImage, registry: Registry) {
  return { registry: registryPath(registry), repository: pinned.repository, tag: pinned.tag };
}
