import { oneTokenCommand } from "../../components/lib/one-token-probe.ts";
import { strictPolicies } from "../../components/lib/stack/policies.ts";
import { admissionSet } from "../../policies/admission/admission-set.ts";
import { defaultOptions, type Resource } from "../../policies/model/resource.ts";
import type { Settings } from "../../policies/model/settings.ts";
import { isArray, isObject, type Value, type ValueObject } from "../../policies/model/value.ts";

export const settings: Settings = {
  registry: "registry.internal/llm",
  inferenceNamespaces: new Set(["inference"]),
  infrastructureNamespaces: new Set(["monitoring", "kube-system"]),
  gatewayNamespace: "gateway",
  monitoringNamespace: "monitoring",
  staging: undefined,
  breakGlassGroups: new Set(["llm-break-glass"]),
  network: {
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
    nodeCidr: "10.10.0.0/16",
    cni: "cilium",
  },
  clusterKind: "bare-metal",
  serving: { gpu: undefined, models: [] },
  policies: {
    ...strictPolicies,
    // The store that the good graph may write to, outside the cluster's own ranges.
    allowedEgress: [
      { cidr: "10.20.0.0/16", protocol: "TCP", port: 443, reason: "the site's own object store" },
    ],
    regions: ["us-east-1"],
    engineTransport: "network",
  },
};

const digest = `sha256:${"ab".repeat(32)}`;

/** A resource of a stack named `test`. */
export function resource(
  type: string,
  name: string,
  properties: ValueObject,
  more: Partial<Resource> = {},
): Resource {
  return {
    urn: `urn:pulumi:test::private-llm::${type}::${name}`,
    type,
    name,
    properties,
    dependencies: [],
    options: defaultOptions,
    ...more,
  };
}

/** A Kubernetes object, with its metadata written from namespace and name. */
export function kube(
  type: string,
  name: string,
  namespace: string | undefined,
  body: ValueObject,
  more: Partial<Resource> = {},
): Resource {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return resource(`kubernetes:${type}`, name, { metadata, ...body }, more);
}

const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
};

const pod = (containers: readonly ValueObject[], more: ValueObject = {}): ValueObject => ({
  serviceAccountName: "own",
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 2000,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers,
  volumes: [{ name: "scratch", emptyDir: {} }],
  ...more,
});

const engine: ValueObject = {
  name: "engine",
  image: `registry.internal/llm/vllm@${digest}`,
  command: [
    "vllm",
    "serve",
    "/models/llama",
    "--tensor-parallel-size=8",
    "--port=8000",
    "--allowed-media-domains=none.invalid",
    "--no-enable-prefix-caching",
    "--shutdown-timeout=45",
  ],
  env: [
    { name: "VLLM_NO_USAGE_STATS", value: "1" },
    { name: "HF_HUB_OFFLINE", value: "1" },
    { name: "TRANSFORMERS_OFFLINE", value: "1" },
    { name: "VLLM_USE_FLASHINFER_SAMPLER", value: "0" },
    { name: "HOME", value: "/scratch" },
    { name: "VLLM_MEDIA_URL_ALLOW_REDIRECTS", value: "0" },
    {
      name: "VLLM_API_KEY",
      valueFrom: { secretKeyRef: { name: "llama-api-key", key: "api-key" } },
    },
  ],
  ports: [{ name: "http", containerPort: 8000, protocol: "TCP" }],
  resources: { limits: { "nvidia.com/gpu": "8", memory: "64Gi" } },
  startupProbe: { httpGet: { path: "/health", port: 8000 }, failureThreshold: 30 },
  livenessProbe: {
    exec: { command: oneTokenCommand({ servedName: "llama", port: 8000 }) },
    timeoutSeconds: 120,
  },
  lifecycle: { preStop: { sleep: { seconds: 15 } } },
  securityContext: { ...restricted, readOnlyRootFilesystem: true },
  volumeMounts: [
    { name: "scratch", mountPath: "/scratch" },
    { name: "shm", mountPath: "/dev/shm" },
    { name: "tmp", mountPath: "/tmp" },
  ],
};

const inMemory = (name: string): ValueObject => ({
  name,
  emptyDir: { medium: "Memory", sizeLimit: "8Gi" },
});

const enginePod = pod([engine], {
  nodeSelector: { "private-llm/pool": "gpu" },
  terminationGracePeriodSeconds: 75,
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
  volumes: [inMemory("scratch"), inMemory("shm"), inMemory("tmp")],
});

const engineLabels: ValueObject = {
  app: "llama",
  "app.kubernetes.io/name": "vllm",
  "app.kubernetes.io/version": "0.33.0",
};

const gateway: ValueObject = {
  name: "proxy",
  image: `registry.internal/llm/proxy@${digest}`,
  env: [{ name: "REGION", value: "inside" }],
  securityContext: restricted,
};

/** The admission policies of the stack, as its program registers them. */
export const admissionResources: readonly Resource[] = admissionSet(settings).flatMap(
  ({ policy, binding }) =>
    [policy, binding].map(({ apiVersion, kind, metadata, spec }) =>
      kube(`${apiVersion}:${kind}`, metadata.name, undefined, plain({ metadata, spec })),
    ),
);

function plain(value: unknown): ValueObject {
  return JSON.parse(JSON.stringify(value));
}

/** A small stack that no rule objects to; mutants change one thing in it. */
export const goodResources: readonly Resource[] = [
  ...admissionResources,
  kube("core/v1:Namespace", "inference", undefined, {}),
  kube("core/v1:Namespace", "gateway", undefined, {}),
  kube("networking.k8s.io/v1:NetworkPolicy", "default-deny", "inference", {
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  }),
  kube("networking.k8s.io/v1:NetworkPolicy", "from-gateway", "inference", {
    spec: {
      podSelector: { matchLabels: { app: "llama" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } },
              podSelector: {},
            },
          ],
          ports: [{ protocol: "TCP", port: 8000 }],
        },
      ],
    },
  }),
  kube("networking.k8s.io/v1:NetworkPolicy", "to-store", "inference", {
    spec: {
      podSelector: { matchLabels: { app: "llama" } },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ ipBlock: { cidr: "10.20.0.0/16" } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    },
  }),
  kube(
    "apps/v1:Deployment",
    "llama",
    "inference",
    {
      spec: {
        replicas: 2,
        strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        template: { metadata: { labels: engineLabels }, spec: enginePod },
      },
    },
    {
      dependencies: [
        "urn:pulumi:test::private-llm::kubernetes:networking.k8s.io/v1:NetworkPolicy::default-deny",
      ],
    },
  ),
  kube("apps/v1:Deployment", "proxy", "gateway", {
    spec: {
      template: {
        metadata: { labels: { app: "proxy" }, annotations: { "checksum/config": "4f1a" } },
        spec: pod([gateway], {
          nodeSelector: { pool: "system" },
          tolerations: [{ key: "system", operator: "Exists" }],
        }),
      },
    },
  }),
  kube("core/v1:Service", "llama", "inference", {
    spec: { type: "ClusterIP", selector: { app: "llama" }, ports: [{ port: 8000 }] },
  }),
  kube("policy/v1:PodDisruptionBudget", "llama", "inference", {
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: "llama" } } },
  }),
  kube("monitoring.coreos.com/v1:PodMonitor", "llama", "inference", { spec: {} }),
  kube("apps/v1:DaemonSet", "driver", "kube-system", {
    spec: {
      template: {
        metadata: {},
        spec: {
          hostNetwork: true,
          containers: [{ name: "driver", image: `registry.internal/llm/driver@${digest}` }],
        },
      },
    },
  }),
];

/** Which object a mutant changes, as `Kind/name`. */
export function changed(
  target: string,
  path: readonly (string | number)[],
  value: Value | undefined,
): readonly Resource[] {
  return changedAll(target, [[path, value]]);
}

/** The same with several changes of one object. */
export function changedAll(
  target: string,
  changes: readonly (readonly [readonly (string | number)[], Value | undefined])[],
): readonly Resource[] {
  let hits = 0;
  const resources = goodResources.map((each) => {
    if (`${each.type.split(":").at(-1)}/${each.name}` !== target) return each;
    hits += 1;
    const properties = changes.reduce<Value>(
      (whole, [path, value]) => replaceAt(whole, path, value),
      each.properties,
    );
    return isObject(properties) ? { ...each, properties } : each;
  });
  if (hits !== 1) throw new Error(`${target} names ${hits} objects of the good graph, not one`);
  return resources;
}

/** A copy with another value at the path; `undefined` removes the field. */
export function replaceAt(
  value: Value | undefined,
  path: readonly (string | number)[],
  next: Value | undefined,
): Value {
  const [step, ...rest] = path;
  if (step === undefined) return next ?? null;
  if (isArray(value)) {
    const copy = [...value];
    copy[Number(step)] = replaceAt(copy[Number(step)], rest, next);
    return copy;
  }
  const copy: Record<string, Value | undefined> = isObject(value) ? { ...value } : {};
  if (rest.length === 0 && next === undefined) delete copy[step];
  else copy[step] = replaceAt(copy[step], rest, next);
  return copy;
}
