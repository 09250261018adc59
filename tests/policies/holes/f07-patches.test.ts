import test from "ava";
import { graphOf } from "../../../policies/model/graph.ts";
import { defaultOptions, type Resource } from "../../../policies/model/resource.ts";
import { evaluate } from "../../../policies/runner.ts";
import { goodResources, kube, resource, settings } from "../good-graph.ts";

function refused(...extra: readonly Resource[]) {
  const { findings } = evaluate(graphOf([...goodResources, ...extra]), settings);
  return findings.map(({ policy, path }) => `${policy} ${path}`);
}

const patches = [
  "apps/v1:DeploymentPatch",
  "apps/v1:DaemonSetPatch",
  "apps/v1:StatefulSetPatch",
  "batch/v1:CronJobPatch",
  "core/v1:ConfigMapPatch",
  "core/v1:NamespacePatch",
  "core/v1:PodPatch",
  "core/v1:SecretPatch",
  "core/v1:ServiceAccountPatch",
  "core/v1:ServicePatch",
  "networking.k8s.io/v1:NetworkPolicyPatch",
  "rbac.authorization.k8s.io/v1:RolePatch",
  "rbac.authorization.k8s.io/v1:ClusterRoleBindingPatch",
  "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyPatch",
  "cilium.io/v2:CiliumNetworkPolicyPatch",
  "cilium.io/v2:CiliumClusterwideNetworkPolicyPatch",
  "monitoring.coreos.com/v1:PrometheusPatch",
];

for (const type of patches) {
  test(`F7: ${type} is refused in every namespace`, (t) => {
    for (const namespace of ["inference", "monitoring", undefined]) {
      t.true(refused(kube(type, "p", namespace, {})).includes("C02 "), String(namespace));
    }
  });
}

test("F7: a list of patches is refused patch by patch", (t) => {
  const list = kube("core/v1:NamespacePatchList", "all", undefined, {
    items: [{ metadata: { name: "inference" } }],
  });
  t.true(refused(list).some((line) => line.startsWith("C02 items[0]")));
});

const ignored = ["spec", "spec.template", "spec.egress", "spec.egress[0]", "metadata.labels", "*"];

/** Kinds that say nothing of what may run or leave. */
const unread = /:(?:PodMonitor|PodDisruptionBudget)$/;

for (const path of ignored) {
  test(`F7: ignoring changes of ${path} is refused on every kind that rules read`, (t) => {
    const options = { ...defaultOptions, ignoreChanges: [path] };
    const kinds = goodResources.filter(({ type }) => !unread.test(type));
    t.true(kinds.length > 6);
    for (const each of kinds) {
      const others = goodResources.filter((other) => other !== each);
      const { findings } = evaluate(graphOf([...others, { ...each, options }]), settings);
      t.deepEqual(
        findings.map((finding) => `${finding.policy} ${finding.path}`),
        [`C02 ${path}`],
        each.type,
      );
    }
  });
}

test("F7: the replica count may be ignored under an autoscaler of that very workload, and nowhere else", (t) => {
  const options = { ...defaultOptions, ignoreChanges: ["spec.replicas"] };
  const scaled = (name: string, namespace: string) => {
    const scaler = kube("autoscaling/v2:HorizontalPodAutoscaler", "s", namespace, {
      spec: { scaleTargetRef: { kind: "Deployment", name } },
    });
    const resources = goodResources.map((each) =>
      each.name === "llama" && each.type.endsWith(":Deployment") ? { ...each, options } : each,
    );
    return evaluate(graphOf([...resources, scaler]), settings).findings.map(({ path }) => path);
  };
  t.deepEqual(scaled("llama", "inference"), []);
  t.deepEqual(scaled("other", "inference"), ["spec.replicas"]);
  t.deepEqual(scaled("llama", "gateway"), ["spec.replicas"]);
});

test("F7: of a cloud resource only tags and the size of a node group may be ignored", (t) => {
  const paths = ["ingress", "policy", "vpcConfig", "tags", "scalingConfig.desiredSize"];
  const options = { ...defaultOptions, ignoreChanges: paths };
  const group = resource("aws:eks/nodeGroup:NodeGroup", "gpu", {}, { options });
  const found = refused(group).filter((line) => line.startsWith("C02"));
  t.deepEqual(found, ["C02 ingress", "C02 policy", "C02 vpcConfig"]);
});
