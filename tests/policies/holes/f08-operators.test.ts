import test from "ava";
import { graphOf } from "../../../policies/model/graph.ts";
import { evaluate } from "../../../policies/runner.ts";
import { goodResources, kube, settings } from "../good-graph.ts";

/** Paths at which C02 refuses an object beside the good graph. */
function refused(type: string, namespace: string | undefined, body = {}): readonly string[] {
  const object = kube(type, "x", namespace, body);
  const { findings } = evaluate(graphOf([...goodResources, object]), settings);
  return findings.filter(({ policy }) => policy === "C02").map(({ path }) => path);
}

/** Controllers that make pods out of something which is no pod template; no NetworkPolicy was checked for those. */
const podMakers = [
  "ray.io/v1:RayCluster",
  "ray.io/v1:RayJob",
  "leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
  "serving.kserve.io/v1beta1:InferenceService",
  "serving.knative.dev/v1:Service",
  "jobset.x-k8s.io/v1alpha2:JobSet",
  "batch.volcano.sh/v1alpha1:Job",
  "kubeflow.org/v1:PyTorchJob",
  "argoproj.io/v1alpha1:Workflow",
  "argoproj.io/v1alpha1:Application",
  "tekton.dev/v1:TaskRun",
  "helm.toolkit.fluxcd.io/v2:HelmRelease",
  "helm.cattle.io/v1:HelmChart",
  "kubernetes.crossplane.io/v1alpha2:Object",
  "pulumi.com/v1:Stack",
  "kubevirt.io/v1:VirtualMachine",
  "opentelemetry.io/v1beta1:OpenTelemetryCollector",
  "apps.nvidia.com/v1alpha1:NIMService",
];

for (const type of podMakers) {
  test(`F8: ${type} is refused in every namespace, infrastructure included`, (t) => {
    for (const namespace of ["inference", "gateway", "monitoring", "default"]) {
      t.deepEqual(refused(type, namespace), ["kind"], namespace);
    }
  });
}

test("F8: an operator's kind that rules read passes in the infrastructure, not beside a model", (t) => {
  const image = `registry.internal/llm/prometheus@sha256:${"0".repeat(64)}`;
  for (const kind of ["Prometheus", "Alertmanager", "ThanosRuler", "PrometheusAgent"]) {
    const type = `monitoring.coreos.com/v1:${kind}`;
    t.deepEqual(refused(type, "monitoring", { spec: { image } }), []);
    t.deepEqual(refused(type, "inference", { spec: { image } }), ["kind"]);
  }
});

test("F8: a kind that nobody knows is refused beside a model", (t) => {
  t.deepEqual(refused("example.com/v1:Thing", "inference"), ["kind"]);
});

const pluginPolicies = [
  "cilium.io/v2:CiliumNetworkPolicy",
  "cilium.io/v2:CiliumClusterwideNetworkPolicy",
  "projectcalico.org/v3:GlobalNetworkPolicy",
  "crd.projectcalico.org/v1:NetworkPolicy",
  "crd.antrea.io/v1beta1:ClusterNetworkPolicy",
];

for (const type of pluginPolicies) {
  test(`F8: ${type}, which can allow what a NetworkPolicy denies, is refused`, (t) => {
    t.deepEqual(refused(type, undefined), ["kind"]);
  });
}

test("F8: admission that may change pods is refused, that of an operator's own kinds passes", (t) => {
  const webhook = (apiGroups: readonly string[], resources: readonly string[]) =>
    refused("admissionregistration.k8s.io/v1:MutatingWebhookConfiguration", undefined, {
      webhooks: [{ rules: [{ apiGroups, apiVersions: ["*"], operations: ["*"], resources }] }],
    });
  t.deepEqual(webhook(["monitoring.coreos.com"], ["prometheusrules"]), []);
  t.is(webhook([""], ["pods"]).length, 1);
  t.is(webhook(["apps"], ["deployments/*"]).length, 1);
  t.is(webhook(["networking.k8s.io"], ["networkpolicies"]).length, 1);
  t.is(webhook(["*"], ["*"]).length, 1);
});
