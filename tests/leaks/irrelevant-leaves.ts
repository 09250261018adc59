import { cloudLeaves } from "./irrelevant-cloud-leaves.ts";
import type { IrrelevantLeaves } from "./support/covers.ts";

/** Objects with pods of their own count by the labels of the template, not by these. */
const labelled = [
  "*/ConfigMap",
  "*/Deployment",
  "*/HorizontalPodAutoscaler",
  "*/PersistentVolumeClaim",
  "*/PodDisruptionBudget",
  "*/PodMonitor",
  "*/PrometheusRule",
  "*/Role",
  "*/RoleBinding",
  "*/Secret",
  "*/Service",
  "*/ServiceAccount",
  "PersistentVolume",
];

const infrastructure = [
  "gpu-operator/DaemonSet",
  "gpu-operator/Deployment",
  "monitoring/DaemonSet",
  "monitoring/Deployment",
];

/** Values that may be unknown, with the reason; none of them is a wall, a right or a container. */
export const irrelevantLeaves: readonly IrrelevantLeaves[] = [
  {
    kinds: ["*"],
    paths: ["apiVersion", "kind"],
    reason: "the type of the resource says what it is; the SDK writes both fields from it",
  },
  {
    kinds: labelled,
    paths: ["metadata.labels", "metadata.labels*"],
    reason: "no selector of a policy, Service or workload looks at these labels",
  },
  {
    kinds: ["*/ConfigMap", "*/PersistentVolumeClaim"],
    paths: ["metadata.annotations.grafana_folder", 'metadata.annotations["pulumi.com/skipAwait"]'],
    reason: "it orders dashboards, or tells Pulumi not to wait",
  },
  {
    kinds: ["PersistentVolume"],
    paths: ["spec.claimRef.apiVersion", "spec.claimRef.kind"],
    reason: "a volume is promised to claims alone, by namespace and name",
  },
  {
    kinds: ["PersistentVolume"],
    paths: ["spec.csi.readOnly", "spec.csi.volumeAttributes*"],
    reason:
      "A17 wants every mount of a pod read-only, whatever the volume says; S02 reads the attribute that encrypts",
  },
  {
    kinds: ["PersistentVolume"],
    paths: ["spec.nodeAffinity*"],
    reason: "which node's disk it is: each pod verifies what it finds there",
  },
  {
    kinds: ["weights/Job"],
    paths: [
      "metadata.labels*",
      "spec.activeDeadlineSeconds",
      "spec.backoffLimit",
      "spec.podFailurePolicy*",
      "spec.template.spec.affinity*",
      "spec.template.spec.terminationGracePeriodSeconds",
      "spec.template.spec.tolerations*",
    ],
    reason: "when, where and how often weights are fetched; its pod's own labels are judged",
  },
  {
    kinds: ["weights/ConfigMap"],
    paths: ["immutable"],
    reason: "the engine's own copy of the manifest decides what is loaded, and A17 reads that one",
  },
  {
    kinds: ["weights/PersistentVolumeClaim"],
    paths: [
      "spec.accessModes[]",
      "spec.resources.requests.storage",
      "spec.storageClassName",
      "spec.volumeName",
    ],
    reason:
      "what is staged elsewhere is not found by the engine's verifier; the volumes themselves are judged",
  },
  {
    kinds: ["weights/ServiceAccount"],
    paths: ["automountServiceAccountToken"],
    reason: "the pod says by itself that it wants no token (W03)",
  },
  {
    kinds: ["PriorityClass"],
    paths: ["description", "globalDefault", "preemptionPolicy", "value"],
    reason: "who is scheduled first moves no data",
  },
  {
    kinds: ["llm:*"],
    paths: ["*"],
    reason: "a component is a record of its arguments; what it makes of them is in the graph",
  },
  {
    kinds: ["kubernetes:helm.sh/v4:Chart"],
    paths: ["values*", "namespace"],
    reason:
      "a chart with an unknown input has no children, which is undecided here and refused by C02",
  },
  {
    kinds: ["CustomResourceDefinition"],
    paths: [
      "spec.group",
      "spec.scope",
      "spec.names.*",
      "spec.versions[].name",
      "spec.versions[].served",
      "spec.versions[].storage",
      "spec.versions[].schema.*",
    ],
    reason: "a definition makes nothing; objects of its kind are judged themselves",
  },
  {
    kinds: ["Node", "NodePatch"],
    paths: ["metadata.labels*", "metadata.annotations*", "status.*"],
    reason: "where a pod runs, and on how much, opens no way out",
  },
  {
    kinds: ["inference/Deployment", "gateway/Deployment", ...infrastructure],
    paths: [
      "spec.progressDeadlineSeconds",
      "spec.replicas",
      "spec.strategy.rollingUpdate.maxSurge",
      "spec.strategy.rollingUpdate.maxUnavailable",
      "spec.strategy.type",
    ],
    reason: "how many pods run and how they are replaced changes nothing about any of them",
  },
  {
    kinds: ["inference/Deployment", "gateway/Deployment", ...infrastructure],
    paths: ["spec.selector.matchLabels*"],
    reason: "the API server demands that the template carries these labels, and those are read",
  },
  {
    kinds: ["inference/Deployment", "gateway/Deployment"],
    paths: [
      "spec.template.spec.nodeSelector*",
      "spec.template.spec.priorityClassName",
      "spec.template.spec.terminationGracePeriodSeconds",
      "spec.template.spec.tolerations[].effect",
      "spec.template.spec.tolerations[].key",
      "spec.template.spec.tolerations[].operator",
      "spec.template.spec.tolerations[].tolerationSeconds",
      "spec.template.spec.topologySpreadConstraints[].labelSelector.matchLabels*",
      "spec.template.spec.topologySpreadConstraints[].maxSkew",
      "spec.template.spec.topologySpreadConstraints[].topologyKey",
      "spec.template.spec.topologySpreadConstraints[].whenUnsatisfiable",
    ],
    reason: "when, where and how long a pod runs opens no way out",
  },
  {
    kinds: infrastructure,
    paths: ["spec.template.metadata.labels.app"],
    reason: "the edges to and from infrastructure name its namespace, never its labels",
  },
  {
    kinds: infrastructure,
    paths: [
      "spec.template.spec.serviceAccountName",
      "spec.template.spec.containers[].name",
      "spec.template.spec.containers[].securityContext.privileged",
      "spec.template.spec.hostPID",
    ],
    reason: "infrastructure works on the host and holds no prompt",
  },
  {
    kinds: ["inference/ServiceAccount", "gateway/ServiceAccount"],
    paths: ["automountServiceAccountToken"],
    reason: "the pod's own word wins over its account's, and W03 demands it of the pod",
  },
  {
    kinds: ["inference/PodMonitor", "gateway/PodMonitor"],
    paths: [
      "spec.podTargetLabels[]",
      "spec.podMetricsEndpoints[].interval",
      "spec.podMetricsEndpoints[].path",
      "spec.podMetricsEndpoints[].port",
      "spec.selector.matchLabels*",
    ],
    reason: "it makes Prometheus read metrics; the network decides what it can reach",
  },
  {
    kinds: ["inference/PrometheusRule", "gateway/PrometheusRule"],
    paths: ["spec.groups[].name", "spec.groups[].rules[].*"],
    reason: "an alert holds names and numbers; M01 decides where alerts go",
  },
  {
    kinds: ["inference/PodDisruptionBudget", "gateway/PodDisruptionBudget"],
    paths: ["spec.maxUnavailable", "spec.selector.matchLabels*"],
    reason: "it limits evictions and nothing else",
  },
  {
    kinds: ["monitoring/Prometheus"],
    paths: ["spec.retention", "spec.podMonitorSelector"],
    reason: "how long and what Prometheus reads; metrics hold no prompt",
  },
  {
    kinds: ["inference/PersistentVolumeClaim"],
    paths: ["spec.resources.requests.storage"],
    reason: "the size of a volume decides nothing about who reads it",
  },
  {
    kinds: ["PersistentVolume"],
    paths: [
      "spec.accessModes[]",
      "spec.capacity.storage",
      "spec.csi.volumeHandle",
      "spec.persistentVolumeReclaimPolicy",
      "spec.storageClassName",
    ],
    reason: "the claim says who mounts it and how; a volume that was released is bound by nobody",
  },
  {
    kinds: ["StorageClass"],
    paths: ["volumeBindingMode"],
    reason: "when a volume is made decides nothing about it",
  },
  {
    kinds: ["random:index/randomPassword:RandomPassword"],
    paths: ["length", "special"],
    reason: "a key is no wall: the network policies are, and every key is beside them",
  },
  {
    kinds: ["pulumi:providers:*"],
    paths: [
      "context",
      "allowedAccountIds",
      "defaultTags",
      "skipCredentialsValidation",
      "skipRegionValidation",
    ],
    reason: "whose cluster or account it is lies in the login, which is in no graph",
  },
  {
    kinds: ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
    paths: [
      'metadata.annotations["private-llm/admission-fingerprint"]',
      'metadata.labels["app.kubernetes.io/part-of"]',
    ],
    reason: "marks by which `up` knows the set again; what the set refuses is compared as a whole",
  },
  {
    kinds: ["inference/PodDisruptionBudget"],
    paths: ["spec.selector.matchExpressions*"],
    reason: "a budget holds back evictions; it opens no way out",
  },
  {
    kinds: ["monitoring/ConfigMap"],
    paths: ['data["llama-3-70b.json"]'],
    reason: "a dashboard shows what Prometheus already holds",
  },
  {
    kinds: ["gateway/HorizontalPodAutoscaler"],
    paths: ["spec.*"],
    reason: "how many pods run changes nothing about any of them",
  },
  {
    kinds: ["gateway/Deployment"],
    paths: [
      'spec.template.metadata.annotations["private-llm/bootstrap"]',
      'spec.template.metadata.annotations["private-llm/limits"]',
      'spec.template.metadata.annotations["private-llm/counter"]',
    ],
    reason: "a checksum; what it is of lies in a ConfigMap, which is read",
  },
  {
    kinds: ["gateway/PersistentVolumeClaim"],
    paths: ["spec.accessModes[]", "spec.resources.requests.storage", "spec.storageClassName"],
    reason: "holds counts by names of teams and months, and nothing that anybody said",
  },
  {
    kinds: ["gateway/Service"],
    paths: ["spec.clusterIP"],
    reason:
      "the selector says where it leads; the controller's address is compared with what proxies are told, so there it is refused",
  },
  ...cloudLeaves,
];
