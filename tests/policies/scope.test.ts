import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { Settings } from "../../policies/model/settings.ts";
import { unknown, type ValueObject } from "../../policies/model/value.ts";
import { rules } from "../../policies/rules.ts";
import { evaluate } from "../../policies/runner.ts";
import { strictSettings } from "../../policies/settings/strict-settings.ts";
import { goodResources, kube, settings } from "./good-graph.ts";

/** The rules whose scope is tested here; others may object to the same objects. */
const judges = new Set(["E04", "E05", "W01", "W03", "W04", "A01", "A02", "C01", "C02"]);
const judging = rules.filter(({ id }) => judges.has(id));

/** Findings as `rule object: path`, each once. */
function found(resources: readonly Resource[], told: Settings = settings): readonly string[] {
  const { findings } = evaluate(graphOf(resources), told, judging);
  return [...new Set(findings.map((each) => `${each.policy} ${each.object}: ${each.path}`))];
}

function problems(resources: readonly Resource[], told: Settings, rule: string): readonly string[] {
  const { findings } = evaluate(graphOf(resources), told);
  return findings.filter((each) => each.policy === rule).map((each) => each.problem);
}

function barePod(namespace: string, image = "registry.internal/llm/x"): Resource {
  const container = { image: `${image}@sha256:${"0".repeat(64)}` };
  return kube("core/v1:Pod", "bare", namespace, { spec: { containers: [container] } });
}

function rulesOf(resources: readonly Resource[], told: Settings = settings): readonly string[] {
  return [...new Set(found(resources, told).map((each) => each.split(" ", 1)[0] ?? ""))];
}

/** A default deny for one direction, in another spelling of "every pod". */
function deny(type: string): Resource {
  return kube("networking.k8s.io/v1:NetworkPolicy", `deny-${type}`, "inference", {
    spec: { podSelector: { matchLabels: {}, matchExpressions: [] }, policyTypes: [type] },
  });
}

/** Which of the three oldest rules for pods object. */
function podRulesOf(resources: readonly Resource[], told: Settings = settings): readonly string[] {
  return rulesOf(resources, told).filter((rule) => ["E04", "W01", "W03"].includes(rule));
}

test("a bare pod is refused everywhere but in the infrastructure", (t) => {
  t.deepEqual(rulesOf([barePod("kube-system")]), []);
  t.deepEqual(podRulesOf([barePod("gateway")]), ["W01", "W03"]);
  t.deepEqual(podRulesOf([barePod("inference")]), ["E04", "W01", "W03"]);
});

test("a declared inference namespace stays one, even if it is called infrastructure too", (t) => {
  const both: Settings = { ...settings, infrastructureNamespaces: new Set(["inference"]) };
  t.deepEqual(podRulesOf([barePod("inference")], both), ["E04", "W01", "W03"]);
});

test("without a stack every namespace with pods or of its own needs a default deny", (t) => {
  const namespace = kube("core/v1:Namespace", "empty", undefined, {});
  const service = kube("core/v1:Service", "s", "services", {});
  t.deepEqual(found([namespace, service], strictSettings), ["E04 Namespace empty: metadata.name"]);
});

test("without a stack a namespace that holds policies only owes explicit policyTypes, no default deny", (t) => {
  const policy = kube("networking.k8s.io/v1:NetworkPolicy", "p", "net", { spec: {} });
  t.deepEqual(found([policy], strictSettings), ["E04 NetworkPolicy net/p: spec.policyTypes"]);
});

test("a declared inference namespace of which the graph holds nothing is not asked for", (t) => {
  t.deepEqual(found([kube("core/v1:Service", "s", "gateway", {})]), []);
  t.deepEqual(found([kube("core/v1:ConfigMap", "c", "inference", {})]), [
    "E04 ConfigMap inference/c: metadata.namespace",
  ]);
});

test("two policies may share the default deny, one for each direction", (t) => {
  const others = goodResources.filter((each) => each.name !== "default-deny");
  t.deepEqual(found([...others, deny("Ingress"), deny("Egress")]), []);
});

test("a workload in an unknown namespace is judged as inference", (t) => {
  const properties: ValueObject = { metadata: { namespace: unknown }, spec: {} };
  const pod = { ...barePod("x"), properties };
  t.true(found([pod]).includes("E04 Pod (unknown)/bare: metadata.namespace"));
});

test("a public host stays public where the settings name it as the registry", (t) => {
  const named: Settings = { ...settings, registry: "docker.io/vllm" };
  const image = "docker.io/vllm/vllm-openai";
  t.deepEqual(problems([barePod("kube-system", image)], named, "W04"), [
    `"${image}@sha256:${"0".repeat(64)}" comes from a public registry`,
  ]);
});

test("without a declared registry an image needs a host that is no public one", (t) => {
  const none: Settings = { ...settings, registry: undefined };
  t.deepEqual(problems([barePod("kube-system", "nginx")], none, "W04"), [
    `"nginx@sha256:${"0".repeat(64)}" names no registry, so a public one answers`,
  ]);
  t.deepEqual(problems([barePod("kube-system", "ghcr.io/a/b")], none, "W04"), [
    `"ghcr.io/a/b@sha256:${"0".repeat(64)}" comes from a public registry`,
  ]);
  t.deepEqual(problems([barePod("kube-system", "registry.other/a")], none, "W04"), []);
});

test("policies outside the inference namespaces may be open, but not the gateway's", (t) => {
  const open = { spec: { podSelector: {}, egress: [{}] } };
  t.deepEqual(found([kube("networking.k8s.io/v1:NetworkPolicy", "p", "apps", open)]), []);
  t.is(found([kube("networking.k8s.io/v1:NetworkPolicy", "p", "gateway", open)]).length, 1);
});

test("private ranges and peers that are named pass", (t) => {
  const peers: readonly ValueObject[] = [
    { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
    { ipBlock: { cidr: "fc00::/7" } },
    { podSelector: {} },
    { namespaceSelector: {}, podSelector: { matchLabels: { app: "x" } } },
    { namespaceSelector: { matchExpressions: [{ key: "team", operator: "Exists" }] } },
    { namespaceSelector: { matchExpressions: [{ key: "n", operator: "In", values: ["a"] }] } },
  ];
  const policy = kube("networking.k8s.io/v1:NetworkPolicy", "p", "inference", {
    spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: peers }] },
  });
  t.deepEqual(found([...goodResources, policy]), []);
});

test("kinds that make no pods pass inside an inference namespace", (t) => {
  const kinds = [
    "cert-manager.io/v1:Certificate",
    "keda.sh/v1alpha1:ScaledObject",
    "monitoring.coreos.com/v1:PrometheusRule",
    "monitoring.coreos.com/v1:ServiceMonitor",
  ];
  const resources = kinds.map((kind) => kube(kind, "x", "inference", {}));
  t.deepEqual(found([...goodResources, ...resources]), []);
});

test("kinds whose pods no rule can read are refused in every namespace", (t) => {
  const kinds = [
    "apps.kubeflow.org/v1:X",
    "argoproj.io/v1alpha1:Application",
    "argoproj.io/v1alpha1:Workflow",
    "helm.toolkit.fluxcd.io/v2:HelmRelease",
    "leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
    "ray.io/v1:RayService",
    "serving.knative.dev/v1:Service",
    "serving.kserve.io/v1beta1:InferenceService",
    "sparkoperator.k8s.io/v1beta2:SparkApplication",
    "tekton.dev/v1:PipelineRun",
  ];
  for (const kind of kinds) {
    t.deepEqual(rulesOf([kube(kind, "x", "monitoring", {})]), ["C02"], kind);
  }
});

test("a custom resource cannot hide in an inference namespace behind a well-known name", (t) => {
  const hidden = kube("example.com/v1:Node", "x", "inference", {});
  t.deepEqual(found([...goodResources, hidden]), ["C02 Node inference/x: kind"]);
});

test("an operator's own kinds pass in the infrastructure and are refused beside a model", (t) => {
  const spec = { image: `registry.internal/llm/prometheus@sha256:${"0".repeat(64)}` };
  const prometheus = (namespace: string) =>
    kube("monitoring.coreos.com/v1:Prometheus", "main", namespace, { spec });
  const policy = kube("nvidia.com/v1:ClusterPolicy", "gpu", undefined, {
    spec: { driver: { enabled: false } },
  });
  t.deepEqual(found([...goodResources, prometheus("monitoring"), policy]), []);
  t.deepEqual(found([...goodResources, prometheus("inference")]), [
    "C02 Prometheus inference/main: kind",
  ]);
});

test("Pulumi may ignore changes of kinds that no rule reads", (t) => {
  const options = { protect: false, retainOnDelete: false, ignoreChanges: ["data"] };
  const secret = kube("core/v1:Secret", "key", "gateway", {}, { options });
  t.deepEqual(found([secret]), []);
});
