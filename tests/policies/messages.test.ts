import test from "ava";
import { findingMessage } from "../../policies/message.ts";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import { unknown, type Value, type ValueObject } from "../../policies/model/value.ts";
import { rules } from "../../policies/rules.ts";
import { evaluate } from "../../policies/runner.ts";
import { changed, goodResources, kube, settings } from "./good-graph.ts";
import { engine, template } from "./mutants/mutant.ts";

/** The rules whose words are tested here; others may object to the same change. */
const judges = new Set(["E04", "E05", "W01", "W03", "W04", "A01", "A02", "C01", "C02"]);
const judging = rules.filter(({ id }) => judges.has(id));

/** What these rules say; only those of the rules named, where some are. */
function messages(resources: readonly Resource[], ...policies: readonly string[]) {
  return evaluate(graphOf(resources), settings, judging)
    .findings.filter(({ policy }) => policies.length === 0 || policies.includes(policy))
    .map((finding) => `${finding.policy} ${findingMessage(finding)}`);
}

function ofDeployment(
  path: readonly (string | number)[],
  value: Value | undefined,
  ...policies: readonly string[]
) {
  return messages(changed("Deployment/llama", path, value), ...policies);
}

function prometheus(spec: ValueObject): readonly string[] {
  return messages([kube("monitoring.coreos.com/v1:Prometheus", "main", "monitoring", { spec })]);
}

const at = "Deployment inference/llama: spec.template.spec";

test("a missing default deny names the namespace and both directions", (t) => {
  t.deepEqual(messages(goodResources.filter((each) => each.name !== "default-deny")), [
    'E04 Namespace inference: metadata.name: namespace "inference" has no default deny for ingress and egress. Remedy: add a NetworkPolicy with podSelector: {} and policyTypes: ["Ingress", "Egress"] and no rules',
  ]);
});

test("an open block is named with its value", (t) => {
  const path = ["spec", "egress", 0, "to", 0, "ipBlock", "cidr"];
  t.deepEqual(messages(changed("NetworkPolicy/to-store", path, "0.0.0.0/0")), [
    'E05 NetworkPolicy inference/to-store: spec.egress[0].to[0].ipBlock.cidr: "0.0.0.0/0" is wider than any private range. Remedy: remove the rule, or narrow it to the one peer and port that is needed',
  ]);
});

test("a setting of the pod says what it is and what it must be", (t) => {
  t.deepEqual(ofDeployment([...template, "hostNetwork"], true, "W01"), [
    `W01 ${at}.hostNetwork: is true and must be false. Remedy: set hostNetwork: false or remove it`,
  ]);
  t.deepEqual(ofDeployment([...template, "hostNetwork"], {}, "W01"), [
    `W01 ${at}.hostNetwork: is set and must be false. Remedy: set hostNetwork: false or remove it`,
  ]);
});

test("the root user and a user that is no number are told apart", (t) => {
  const user = [...template, "securityContext", "runAsUser"];
  const remedy = "Remedy: set runAsUser to a number above 0";
  t.deepEqual(ofDeployment(user, 0), [
    `W01 ${at}.securityContext.runAsUser: is 0, the root user. ${remedy}`,
  ]);
  t.deepEqual(ofDeployment(user, "app"), [
    `W01 ${at}.securityContext.runAsUser: is not a user number above 0. ${remedy}`,
  ]);
});

test("a token that is mounted by silence is named in the pod spec", (t) => {
  t.deepEqual(ofDeployment([...template, "automountServiceAccountToken"], undefined), [
    `W03 ${at}.automountServiceAccountToken: is absent and must be false. Remedy: set automountServiceAccountToken: false in the pod spec`,
  ]);
});

test("an image says what is wrong with it, each fault on its own", (t) => {
  const remedy =
    "Remedy: mirror the image into the private registry and name it as registry/path@sha256:digest";
  const told = ofDeployment([...engine, "image"], "docker.io/vllm/vllm-openai:v1");
  t.deepEqual(
    told.filter((each) => each.startsWith("W04")),
    [
      `W04 ${at}.containers[0].image: "docker.io/vllm/vllm-openai:v1" does not come from the registry "registry.internal/llm". ${remedy}`,
      `W04 ${at}.containers[0].image: "docker.io/vllm/vllm-openai:v1" has no digest, so what it names can change. ${remedy}`,
    ],
  );
});

test("the value of an environment variable never shows in a message", (t) => {
  const told = ofDeployment([...engine, "env", 0, "value"], "hunter2");
  t.deepEqual(told, [
    `A01 ${at}.containers[0].env[0].value: VLLM_NO_USAGE_STATS has another value; it must be "1". Remedy: set the environment variable VLLM_NO_USAGE_STATS to "1"`,
  ]);
});

test("a model that is no local path is named", (t) => {
  t.deepEqual(ofDeployment([...engine, "command", 2], "org/name"), [
    `A02 ${at}.containers[0].command[2]: names "org/name", which is not an absolute local path. Remedy: name the model by its absolute path in the container`,
  ]);
});

test("an unknown value and a value of the wrong shape are told apart", (t) => {
  const remedy =
    "Remedy: write the value into the stack's configuration, so that it is known before anything is created";
  t.deepEqual(ofDeployment([...template, "volumes"], unknown, "C01", "W01", "W03", "W04"), [
    `C01 ${at}.volumes: is not known yet, so it cannot be judged. ${remedy}`,
    `W01 ${at}.volumes: is not known yet, so it cannot be judged. ${remedy}`,
    `W03 ${at}.volumes: is not known yet, so it cannot be judged. ${remedy}`,
    `W04 ${at}.volumes: is not known yet, so it cannot be judged. ${remedy}`,
  ]);
  t.true(
    ofDeployment([...template, "volumes"], "data").includes(
      `W01 ${at}.volumes: is a string where a list belongs. Remedy: write the field in the shape that the Kubernetes API asks for`,
    ),
  );
});

test("every volume type of the restricted standard and every safe sysctl pass", (t) => {
  const volumes = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
  ].map((type) => ({ name: "v", [type]: {} }));
  t.deepEqual(ofDeployment([...template, "volumes"], volumes, "W01"), []);
  const sysctls = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
  ].map((name) => ({ name, value: "1" }));
  t.deepEqual(ofDeployment([...template, "securityContext", "sysctls"], sysctls), []);
});

test("an operator's container that only patches another needs no image, the operator's pod does", (t) => {
  const image = `registry.internal/llm/prometheus@sha256:${"0".repeat(64)}`;
  t.deepEqual(prometheus({ image, containers: [{ name: "prometheus" }] }), []);
  t.is(prometheus({}).length, 1);
  t.is(prometheus({ image, thanos: {} }).length, 1);
});

test("an empty namespace reads as the namespace `default`", (t) => {
  const pod = kube("core/v1:Pod", "p", "", { spec: { hostPID: true } });
  t.true(messages([pod]).some((each) => each.startsWith("W01 Pod default/p: spec.hostPID")));
});
