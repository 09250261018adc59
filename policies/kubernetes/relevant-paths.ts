import type { KubeObject } from "../model/kube-object.ts";
import type { Settings } from "../model/settings.ts";
import { groupOf, isBuiltIn, isKind } from "./api-groups.ts";
import { isOperated } from "./image-fields.ts";
import { podTemplatePath } from "./pod-templates.ts";
import { inInfrastructure } from "./scope.ts";

/**
 * A part of an object whose value can decide whether data may leave. `*` in a path stands for every
 * element or every field. Everything below the path counts, except what `except` names.
 */
export interface RelevantPart {
  readonly path: readonly string[];
  /** Paths below `path`, relative to the object, that cannot weaken anything. */
  readonly except?: readonly (readonly string[])[];
}

function part(path: string, ...except: readonly string[]): RelevantPart {
  return { path: path.split("."), except: except.map((each) => `${path}.${each}`.split(".")) };
}

/** Parts by kind of the Kubernetes API. Kinds with a pod template get those of their template too. */
const kindParts: Readonly<Record<string, readonly RelevantPart[]>> = {
  // caBundle only says whom the API server trusts; it is often made during the deployment.
  APIService: [part("spec", "caBundle")],
  ClusterRole: [part("rules"), part("aggregationRule")],
  ClusterRoleBinding: [part("roleRef"), part("subjects")],
  Endpoints: [part("subsets")],
  EndpointSlice: [part("addressType"), part("endpoints")],
  Ingress: [part("spec")],
  MutatingAdmissionPolicy: [part("spec")],
  MutatingAdmissionPolicyBinding: [part("spec")],
  MutatingWebhookConfiguration: [part("webhooks", "*.clientConfig.caBundle")],
  Namespace: [part("metadata.labels")],
  NetworkPolicy: [part("spec")],
  PersistentVolume: [part("spec.hostPath")],
  Role: [part("rules")],
  RoleBinding: [part("roleRef"), part("subjects")],
  // Addresses and node ports that the cluster hands out choose no destination.
  Service: [
    part(
      "spec",
      "clusterIP",
      "clusterIPs",
      "healthCheckNodePort",
      "ipFamilies",
      "ipFamilyPolicy",
      "ports.*.nodePort",
    ),
  ],
  ValidatingAdmissionPolicy: [part("spec")],
  ValidatingAdmissionPolicyBinding: [part("spec")],
  ValidatingWebhookConfiguration: [part("webhooks", "*.clientConfig.caBundle")],
};

/** Custom resources by `group/Kind`. */
const customParts: Readonly<Record<string, readonly RelevantPart[]>> = {
  "gateway.networking.k8s.io/Gateway": [part("spec")],
  "gateway.networking.k8s.io/GRPCRoute": [part("spec")],
  "gateway.networking.k8s.io/HTTPRoute": [part("spec")],
  "policy.networking.k8s.io/AdminNetworkPolicy": [part("spec")],
  "policy.networking.k8s.io/BaselineAdminNetworkPolicy": [part("spec")],
  "policy.networking.k8s.io/ClusterNetworkPolicy": [part("spec")],
};

const operatedParts = [
  part("spec.image"),
  part("spec.containers"),
  part("spec.initContainers"),
  part("spec.thanos"),
  part("spec.remoteWrite"),
];

const containerLists = ["containers", "initContainers", "ephemeralContainers"];

/** When, where and how long a pod runs: none of these opens a way out. */
export const harmlessPodFields = [
  "affinity",
  "nodeName",
  "nodeSelector",
  "priority",
  "priorityClassName",
  "schedulerName",
  "terminationGracePeriodSeconds",
  "tolerations",
  "topologySpreadConstraints",
];

/** Environment variables that change where any program sends data or what code it loads. */
export const steeringVariables =
  /^(?:LD_|PYTHON|PATH$|NODE_OPTIONS$|JAVA_TOOL_OPTIONS$|OTEL_|SENTRY_|HF_|TRANSFORMERS_|VLLM_|DO_NOT_TRACK$)|(?:_|^)PROXY$/i;

/** Annotations that make other programs change a pod: secondary networks, sidecars, profiles. */
export const steeringAnnotations =
  /^(?:k8s\.v1\.cni\.cncf\.io|v1\.multus-cni\.io|cni\.projectcalico\.org|.*\.cilium\.io|sidecar\.|.*\.istio\.io|linkerd\.io|.*\.beta\.kubernetes\.io|.*\.alpha\.kubernetes\.io)/;

/** The parts of an object in which an unknown value is a violation. */
export function relevantParts(object: KubeObject, settings: Settings): readonly RelevantPart[] {
  return [
    ...tableParts(object),
    ...templateParts(object, settings),
    ...(isConfigMapOfConcern(object, settings) ? [part("data"), part("binaryData")] : []),
  ];
}

/** Whether rules read this kind at all; only such kinds are fit for C02's look at `ignoreChanges`. */
export function isRelevantKind(object: KubeObject): boolean {
  return (
    tableParts(object).length > 0 ||
    podTemplatePath(object) !== undefined ||
    ["PodDisruptionBudget", "ServiceAccount"].includes(object.kind)
  );
}

function tableParts(object: KubeObject): readonly RelevantPart[] {
  if (isOperated(object)) return operatedParts;
  const [parts, key] = isBuiltIn(object)
    ? [kindParts, object.kind]
    : [customParts, `${groupOf(object)}/${object.kind}`];
  return Object.hasOwn(parts, key) ? (parts[key] ?? []) : [];
}

/** Outside infrastructure the whole pod counts; inside, only what it runs, which W04 reads. */
function templateParts(object: KubeObject, settings: Settings): readonly RelevantPart[] {
  const path = podTemplatePath(object);
  if (path === undefined) return [];
  const spec = [...path, "spec"];
  if (inInfrastructure(object, settings)) {
    return containerLists.map((list) => ({ path: [...spec, list, "*", "image"] }));
  }
  const except = harmlessPodFields.map((name) => [...spec, name]);
  return [
    { path: spec, except },
    { path: [...path, "metadata", "labels"] },
    { path: [...path, "metadata", "annotations"] },
  ];
}

/** A ConfigMap outside infrastructure may be the configuration of an engine or a gateway. */
function isConfigMapOfConcern(object: KubeObject, settings: Settings): boolean {
  return isKind(object, "ConfigMap") && !inInfrastructure(object, settings);
}
