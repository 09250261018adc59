import { defaultOptions, type Resource } from "../../../policies/model/resource.ts";
import { unknown, type ValueObject } from "../../../policies/model/value.ts";
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
  added(
    "C02",
    "patch of a network plugin's policy",
    kube("cilium.io/v2:CiliumClusterwideNetworkPolicyPatch", "guard", undefined, {}),
    "CiliumClusterwideNetworkPolicyPatch guard",
    "",
  ),
  added(
    "C02",
    "custom resource that looks like a patch of a node",
    kube("example.com/v1:NodePatch", "n", undefined, { metadata: { name: "n" } }),
    "NodePatch n",
    "",
  ),
  added(
    "C02",
    "ignored rules of a security group",
    resource(
      "aws:ec2/securityGroup:SecurityGroup",
      "gpu",
      {},
      { options: { ...defaultOptions, ignoreChanges: ["egress"] } },
    ),
    "aws:ec2/securityGroup:SecurityGroup gpu",
    "egress",
  ),
  added(
    "C02",
    "shell command beside the graph",
    resource("command:local:Command", "kubectl", { create: "kubectl apply -f all.yaml" }),
    "command:local:Command kubectl",
    "",
  ),
  added(
    "C02",
    "resource made by code of the program itself",
    resource("pulumi-nodejs:dynamic:Resource", "x", {}),
    "pulumi-nodejs:dynamic:Resource x",
    "",
  ),
  added(
    "C02",
    "provider that moves objects without a namespace",
    resource("pulumi:providers:kubernetes", "p", { namespace: "inference" }),
    "pulumi:providers:kubernetes p",
    "namespace",
  ),
  added(
    "C02",
    "provider whose namespace is not known yet",
    resource("pulumi:providers:kubernetes", "p", { namespace: unknown }),
    "pulumi:providers:kubernetes p",
    "namespace",
  ),
  ...chartMutants(),
  added(
    "C02",
    "webhook that may change every pod",
    kube("admissionregistration.k8s.io/v1:MutatingWebhookConfiguration", "inject", undefined, {
      webhooks: [{ rules: [{ apiGroups: ["example.com", ""], resources: ["pods"] }] }],
    }),
    "MutatingWebhookConfiguration inject",
    "webhooks[0].rules[0].apiGroups[1]",
  ),
  added(
    "C02",
    "webhook that may change everything",
    kube("admissionregistration.k8s.io/v1:MutatingWebhookConfiguration", "inject", undefined, {
      webhooks: [{ rules: [{ apiGroups: ["*"], resources: ["*"] }] }],
    }),
    "MutatingWebhookConfiguration inject",
    "webhooks[0].rules[0].apiGroups[0]",
  ),
  added(
    "C02",
    "webhook whose kinds are not known yet",
    kube("admissionregistration.k8s.io/v1:MutatingWebhookConfiguration", "inject", undefined, {
      webhooks: [{ rules: unknown }],
    }),
    "MutatingWebhookConfiguration inject",
    "webhooks[0].rules",
  ),
  added(
    "C02",
    "admission policy that changes workloads",
    kube("admissionregistration.k8s.io/v1:MutatingAdmissionPolicy", "inject", undefined, {
      spec: { matchConstraints: { resourceRules: [{ apiGroups: ["apps"] }] } },
    }),
    "MutatingAdmissionPolicy inject",
    "spec.matchConstraints.resourceRules[0].apiGroups[0]",
  ),
  added(
    "C02",
    "validating webhook outside the cluster",
    kube("admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration", "scan", undefined, {
      webhooks: [{ clientConfig: { url: "https://scanner.example.com/admit" } }],
    }),
    "ValidatingWebhookConfiguration scan",
    "webhooks[0].clientConfig.url",
  ),
  added(
    "C02",
    "conversion outside the cluster",
    kube("apiextensions.k8s.io/v1:CustomResourceDefinition", "things.example.com", undefined, {
      spec: { conversion: { webhook: { clientConfig: { url: "https://example.com" } } } },
    }),
    "CustomResourceDefinition things.example.com",
    "spec.conversion.webhook.clientConfig.url",
  ),
];

/** Charts that have an object behind them, so that only their inputs are at fault. */
function chartMutants(): readonly Mutant[] {
  const broken: readonly (readonly [string, ValueObject, string])[] = [
    [
      "chart with an unknown value, and an object that the program put behind it",
      { values: { a: [unknown] } },
      "values",
    ],
    ["chart in an unknown namespace", { namespace: unknown }, "namespace"],
    [
      "chart whose objects go through a program",
      { postRenderer: { command: "sh" } },
      "postRenderer",
    ],
    ["chart that hands its hooks to another tool", { includeHooks: true }, "includeHooks"],
  ];
  return broken.map(([title, properties, path]) => {
    const chart = resource("kubernetes:helm.sh/v4:Chart", "c", properties);
    const child = kube("core/v1:ConfigMap", "c", "monitoring", {}, { parent: chart.urn });
    return {
      rule: "C02",
      title,
      resources: [...goodResources, chart, child],
      object: "kubernetes:helm.sh/v4:Chart c",
      path,
    };
  });
}
