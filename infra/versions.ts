import type { EngineName } from "../components/engines/engines.ts";

/**
 * Every version this program deploys, in one place. Tags are for people and for `npm run lock`; what
 * a pod pulls is the digest that the lock read (stacks/digests.lock.json).
 *
 * Sources, read 2026-11: chart and operand versions from values.yaml of gpu-operator v26.7.0 and
 * kube-prometheus-stack 88.5.3; vLLM from its 0.33.0 release.
 */
export interface ChartVersion {
  /** Repository that publishes the chart; the default source where a stack names no other. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

/** An image as its maker publishes it. */
export interface ImageVersion {
  readonly repository: string;
  readonly tag: string;
  /** Folder of this repository that it is built from; whoever deploys it builds it, and no maker publishes it. */
  readonly builtFrom?: string;
}

export const kubernetesVersion = "1.37.2";

export const charts = {
  gpuOperator: {
    repository: "https://helm.ngc.nvidia.com/nvidia",
    chart: "gpu-operator",
    version: "v26.7.0",
  },
  kubePrometheusStack: {
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "kube-prometheus-stack",
    version: "88.5.3",
  },
} as const satisfies Record<string, ChartVersion>;

export const images = {
  vllm: { repository: "docker.io/vllm/vllm-openai", tag: "v0.33.0" },
  // The newest final release that the Python index lists (2026-11); its tag was not looked up in the registry from here.
  tensorRtLlm: { repository: "nvcr.io/nvidia/tensorrt-llm/release", tag: "1.2.1" },
  gpuOperator: { repository: "nvcr.io/nvidia/gpu-operator", tag: "v26.7.0" },
  gpuDriver: { repository: "nvcr.io/nvidia/driver", tag: "595.91.07-ubuntu24.04" },
  gpuDriverManager: {
    repository: "nvcr.io/nvidia/cloud-native/k8s-driver-manager",
    tag: "v0.12.0",
  },
  containerToolkit: { repository: "nvcr.io/nvidia/k8s/container-toolkit", tag: "v1.20.0" },
  devicePlugin: { repository: "nvcr.io/nvidia/k8s-device-plugin", tag: "v0.20.0" },
  dcgmExporter: { repository: "nvcr.io/nvidia/k8s/dcgm-exporter", tag: "4.6.0-4.8.3-distroless" },
  migManager: { repository: "nvcr.io/nvidia/cloud-native/k8s-mig-manager", tag: "v0.15.0" },
  nodeFeatureDiscovery: {
    repository: "registry.k8s.io/nfd/node-feature-discovery",
    tag: "v0.19.0",
  },
  prometheusOperator: {
    repository: "quay.io/prometheus-operator/prometheus-operator",
    tag: "v0.93.1",
  },
  prometheusConfigReloader: {
    repository: "quay.io/prometheus-operator/prometheus-config-reloader",
    tag: "v0.93.1",
  },
  prometheus: { repository: "quay.io/prometheus/prometheus", tag: "v3.14.0-distroless" },
  alertmanager: { repository: "quay.io/prometheus/alertmanager", tag: "v0.34.0" },
  nodeExporter: { repository: "quay.io/prometheus/node-exporter", tag: "v1.12.1" },
  kubeStateMetrics: {
    repository: "registry.k8s.io/kube-state-metrics/kube-state-metrics",
    tag: "v2.20.0",
  },
  grafana: { repository: "docker.io/grafana/grafana", tag: "13.2.0" },
  grafanaSidecar: { repository: "quay.io/kiwigrid/k8s-sidecar", tag: "2.10.1" },
  // Tag as Envoy's releases name it; not looked up in the registry from here.
  envoy: { repository: "docker.io/envoyproxy/envoy", tag: "distroless-v1.40.0" },
  // Of the commit that `tools/data-plane/ratelimit/go.mod` pins; not looked up in the registry from here.
  rateLimitService: { repository: "docker.io/envoyproxy/ratelimit", tag: "3fb70258" },
  // The last line under the BSD licence; its tag was not looked up in the registry from here either.
  redis: { repository: "docker.io/library/redis", tag: "7.2.11" },
  routeController: {
    repository: "private-llm/route-controller",
    tag: "1.0.0",
    builtFrom: "controller",
  },
  egressProbe: {
    repository: "private-llm/egress-probe",
    tag: "1.0.0",
    builtFrom: "tools/egress-probe",
  },
  simulator: {
    repository: "private-llm/simulator",
    tag: "1.0.0",
    builtFrom: "tools/simulator",
  },
  weights: { repository: "private-llm/weights", tag: "1.0.0", builtFrom: "weights" },
} as const satisfies Record<string, ImageVersion>;

export type ImageName = keyof typeof images;
export type ChartName = keyof typeof charts;

/** Image of each engine. */
export const engineImages = {
  vllm: "vllm",
  "tensorrt-llm": "tensorRtLlm",
  simulator: "simulator",
} as const satisfies Record<EngineName, ImageName>;
