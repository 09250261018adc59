import { defaultOptions, type Resource } from "../../../policies/model/resource.ts";
import { goodResources, kube, resource } from "../good-graph.ts";
import { added, type Mutant } from "./mutant.ts";

const hpa = kube("autoscaling/v2:HorizontalPodAutoscaler", "llama", "inference", {
  spec: { scaleTargetRef: { kind: "Deployment", name: "llama" } },
});

/** The good graph with changes of the engine that the engine of Pulumi is told to ignore. */
export function ignoring(paths: readonly string[], scaled: boolean): readonly Resource[] {
  const resources = goodResources.map((each) =>
    each.type.endsWith(":Deployment") && each.name === "llama"
      ? { ...each, options: { ...defaultOptions, ignoreChanges: paths } }
      : each,
  );
  return scaled ? [...resources, hpa] : resources;
}

export const opaque: readonly Mutant[] = [
  added(
    "C02",
    "Helm release",
    resource("kubernetes:helm.sh/v3:Release", "r", {}),
    "kubernetes:helm.sh/v3:Release r",
    "",
  ),
  added(
    "C02",
    "chart without children",
    resource("kubernetes:helm.sh/v4:Chart", "c", {}),
    "kubernetes:helm.sh/v4:Chart c",
    "",
  ),
  added(
    "C02",
    "file without children",
    resource("kubernetes:yaml/v2:ConfigFile", "f", {}),
    "kubernetes:yaml/v2:ConfigFile f",
    "",
  ),
  added(
    "C02",
    "kustomization without children",
    resource("kubernetes:kustomize:Directory", "k", {}),
    "kubernetes:kustomize:Directory k",
    "",
  ),
  added(
    "C02",
    "patch of a Deployment",
    kube("apps/v1:DeploymentPatch", "llama", "inference", { spec: {} }),
    "DeploymentPatch inference/llama",
    "",
  ),
  added(
    "C02",
    "patch of a node beyond labels and taints",
    kube("core/v1:NodePatch", "n", undefined, { spec: { unschedulable: true } }),
    "NodePatch n",
    "spec.unschedulable",
  ),
  {
    rule: "C02",
    title: "ignored image",
    resources: ignoring(["spec.template"], false),
    object: "Deployment inference/llama",
    path: "spec.template",
  },
  {
    rule: "C02",
    title: "ignored replicas without an autoscaler",
    resources: ignoring(["spec.replicas"], false),
    object: "Deployment inference/llama",
    path: "spec.replicas",
  },
  added(
    "C02",
    "Ray cluster",
    kube("ray.io/v1:RayCluster", "ray", "gateway", {}),
    "RayCluster gateway/ray",
    "kind",
  ),
  added(
    "C02",
    "unknown custom resource beside a model",
    kube("example.com/v1:Thing", "t", "inference", {}),
    "Thing inference/t",
    "kind",
  ),
  added(
    "C02",
    "policy of a network plugin",
    kube("cilium.io/v2:CiliumClusterwideNetworkPolicy", "open", undefined, {}),
    "CiliumClusterwideNetworkPolicy open",
    "kind",
  ),
  added(
    "C02",
    "admin policy that allows egress",
    kube("policy.networking.k8s.io/v1alpha1:AdminNetworkPolicy", "open", undefined, {
      spec: { egress: [{ action: "Deny" }, { action: "Allow", to: [{ networks: ["::/0"] }] }] },
    }),
    "AdminNetworkPolicy open",
    "spec.egress[1].action",
  ),
  added(
    "C02",
    "cluster policy that accepts ingress",
    kube("policy.networking.k8s.io/v1alpha2:ClusterNetworkPolicy", "open", undefined, {
      spec: { ingress: [{ action: "Accept" }] },
    }),
    "ClusterNetworkPolicy open",
    "spec.ingress[0].action",
  ),
  added(
    "C02",
    "deployment of another platform",
    kube("apps.openshift.io/v1:DeploymentConfig", "web", "gateway", {}),
    "DeploymentConfig gateway/web",
    "kind",
  ),
];
