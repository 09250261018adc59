import { pluginPolicyKinds, tierPolicyKinds } from "../data/network-policy-kinds.ts";

/**
 * What the rules know of custom resources, by `group/Kind`; `group/*` means every kind of the group.
 * A kind in none of the tables is unknown: inside an inference namespace that is a violation.
 */
function table(kinds: Readonly<Record<string, readonly string[]>>): ReadonlySet<string> {
  return new Set(
    Object.entries(kinds).flatMap(([group, names]) => names.map((name) => `${group}/${name}`)),
  );
}

/** Kinds whose controllers make pods, or whole objects, from a source that no rule can read. */
const podMakers = table({
  "apps.kubeflow.org": ["*"],
  "apps.kruise.io": ["*"],
  "apps.openshift.io": ["*"],
  "addons.cluster.x-k8s.io": ["*"],
  "argoproj.io": [
    "Application",
    "ApplicationSet",
    "CronWorkflow",
    "Workflow",
    "WorkflowTemplate",
    "ClusterWorkflowTemplate",
  ],
  "batch.volcano.sh": ["*"],
  "flink.apache.org": ["*"],
  "helm.cattle.io": ["*"],
  "helm.toolkit.fluxcd.io": ["*"],
  "jobset.x-k8s.io": ["*"],
  "kubeflow.org": ["*"],
  "kubernetes.crossplane.io": ["*"],
  "kubernetes.m.crossplane.io": ["*"],
  "kubevirt.io": ["*"],
  "kustomize.toolkit.fluxcd.io": ["*"],
  "leaderworkerset.x-k8s.io": ["*"],
  "nvidia.com": ["DynamoComponentDeployment", "DynamoGraphDeployment"],
  "apps.nvidia.com": ["*"],
  "opentelemetry.io": ["*"],
  "pulumi.com": ["*"],
  "ray.io": ["*"],
  "serving.knative.dev": ["*"],
  "serving.kserve.io": ["*"],
  "sparkoperator.k8s.io": ["*"],
  "tekton.dev": ["*"],
  "trainer.kubeflow.org": ["*"],
});

const pluginPolicies = table(pluginPolicyKinds);
const tierPolicies = table(tierPolicyKinds);

/** Kinds that make no pods and open no way out: monitoring, certificates, routing, scaling. */
const inert = table({
  "argoproj.io": ["Rollout"],
  "autoscaling.k8s.io": ["VerticalPodAutoscaler"],
  "cert-manager.io": ["Certificate", "CertificateRequest", "ClusterIssuer", "Issuer"],
  "external-secrets.io": ["ExternalSecret", "SecretStore"],
  "gateway.networking.k8s.io": [
    "Gateway",
    "GatewayClass",
    "GRPCRoute",
    "HTTPRoute",
    "ReferenceGrant",
  ],
  "inference.networking.k8s.io": ["InferencePool"],
  "inference.networking.x-k8s.io": ["InferenceObjective", "InferencePool"],
  "keda.sh": ["ScaledJob", "ScaledObject", "TriggerAuthentication"],
  "monitoring.coreos.com": [
    "PodMonitor",
    "Probe",
    "PrometheusRule",
    "ScrapeConfig",
    "ServiceMonitor",
  ],
  "snapshot.storage.k8s.io": ["VolumeSnapshot", "VolumeSnapshotClass"],
});

function holds(set: ReadonlySet<string>, group: string, kind: string): boolean {
  return set.has(`${group}/${kind}`) || set.has(`${group}/*`);
}

export function isPodMaker(group: string, kind: string): boolean {
  return holds(podMakers, group, kind);
}

/** The same by the name of the resource, as RBAC has it: the kind in lower case and plural. */
export function isPodMakingResource(group: string, resource: string): boolean {
  if (podMakers.has(`${group}/*`)) return true;
  return [...podMakers].some((name) => {
    const plural = `${name.toLowerCase()}s`;
    return (
      plural === `${group}/${resource}` || (resource === "*" && plural.startsWith(`${group}/`))
    );
  });
}

export function isPluginPolicy(group: string, kind: string): boolean {
  return holds(pluginPolicies, group, kind);
}

export function isTierPolicy(group: string, kind: string): boolean {
  return holds(tierPolicies, group, kind);
}

export function isInert(group: string, kind: string): boolean {
  return holds(inert, group, kind);
}
