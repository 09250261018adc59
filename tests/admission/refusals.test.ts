import test from "ava";
import type { KubeClient } from "../../deploy/api/client.ts";
import type { DeployableStack } from "../../deploy/stack.ts";
import { admissionSet } from "../../policies/admission/admission-set.ts";
import { at } from "../../policies/model/value.ts";
import { kubectl } from "../cluster/support/clusters.ts";
import {
  applied,
  devStack,
  get,
  type Laboratory,
  laboratory,
} from "../deploy/support/real-cluster.ts";
import {
  accessPasses,
  accessRefusals,
  namespacePasses,
  namespaceRefusals,
} from "./cases/access.ts";
import { disguisedRefusals, enginePasses } from "./cases/disguised-engines.ts";
import { engineRefusals } from "./cases/engines.ts";
import { largePod } from "./cases/large-pod.ts";
import {
  defaultDenyRefusals,
  gatewayRefusals,
  networkPasses,
  networkRefusals,
} from "./cases/network-policies.ts";
import { contentPasses, contentRefusals } from "./cases/pod-contents.ts";
import { podPasses, podRefusals } from "./cases/pods.ts";
import { servicePasses, serviceRefusals } from "./cases/services.ts";
import { recordRefusals, trafficRecord } from "./cases/traffic-records.ts";
import { definitions } from "./support/definitions.ts";
import { changedTemplate, object } from "./support/objects.ts";
import { ask, guardedBy, testSettings, until } from "./support/site.ts";
import { expressionWarnings, readsPods, typedWarnings, warnings } from "./support/types.ts";

let lab: Laboratory;
let client: KubeClient;
let kubeconfig: string;
let dev: DeployableStack;
const settings = testSettings();
const entries = admissionSet(settings);
/** Everything that a refusal has said. */
const heard: string[] = [];

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client, kubeconfig } = await lab.start("admission"));
  for (const definition of definitions) await ask(client, definition, false);
  dev = await devStack();
});

test.after.always(async () => {
  await lab?.close();
});

test("the dev stack comes up behind its own admission policies, and again behind changed ones", async (t) => {
  const first = await applied(client, dev);
  t.is(first.created, dev.planned.length);
  const second = await applied(client, guardedBy(dev, settings));
  t.deepEqual(
    second.steps
      .map((step) => step.replace(/ \(.*/, ""))
      .filter((step) => !step.includes("Policy ")),
    [],
  );
  t.true(second.changed > 0);
  await ask(client, object("v1", "ServiceAccount", "own", {}), false);
});

test("the API server finds nothing wrong with the types of any policy", async (t) => {
  for (const { policy } of entries) {
    t.deepEqual(await warnings(client, policy.metadata.name), [], policy.metadata.name);
  }
});

test("the policies for pods use no field that a Pod does not have", async (t) => {
  const ofPods = entries.filter(({ policy }) => readsPods(policy));
  t.is(ofPods.length, 2);
  for (const { policy } of ofPods) t.deepEqual(await typedWarnings(client, policy), []);
  const misspelt = ['object.spec.containers.all(c, c.?imagge.orValue("") == "")'];
  t.is((await expressionWarnings(client, "misspelt", misspelt)).length, 1);
});

for (const { rule, title, object: sent } of [
  ...networkRefusals,
  ...gatewayRefusals,
  ...defaultDenyRefusals,
  ...serviceRefusals,
  ...podRefusals,
  ...contentRefusals,
  ...engineRefusals,
  ...disguisedRefusals,
  ...accessRefusals,
  ...namespaceRefusals,
  ...recordRefusals,
]) {
  test(`${rule} is refused by the API server: ${title}`, async (t) => {
    const { status, message } = await ask(client, sent);
    heard.push(message);
    t.is(status, 403, message);
    t.regex(message, /: ValidatingAdmissionPolicy 'private-llm-inference-[a-z-]+' with binding/);
    t.regex(message, new RegExp(` denied request: (?:${rule}): \\w+ .*\\. Remedy: [a-z].*$`));
    t.true(message.includes(`${sent.kind} `), message);
  });
}

const passes = {
  "network policies": networkPasses,
  "Services and routes": servicePasses,
  "workloads of every kind": podPasses,
  "what pods are made of": contentPasses,
  engines: enginePasses,
  grants: accessPasses,
  "the namespace": namespacePasses,
  "a workload as large as they get": [largePod],
  "records of traffic": [trafficRecord()],
};

for (const [what, sound] of Object.entries(passes)) {
  test(`what is sound passes: ${what}`, async (t) => {
    for (const sent of sound) {
      const { status, message } = await ask(client, sent);
      t.true(status < 300, `${JSON.stringify(sent)}: ${message}`);
    }
  });
}

test("other namespaces are left alone", async (t) => {
  const pod = object(
    "v1",
    "Pod",
    "any",
    { spec: { hostNetwork: true, containers: [{ name: "a", image: "a" }] } },
    "default",
  );
  t.is((await ask(client, pod)).status, 201);
});

test("an exception lets a workload through with the pods that its controller makes, and no other", async (t) => {
  const { spec } = changedTemplate(
    ["spec", "containers", 0, "image"],
    `quay.example/tool@sha256:${"ab".repeat(32)}`,
  );
  const made = object("apps/v1", "Deployment", "excepted", { spec });
  t.true((await ask(client, made, false)).status < 300);
  const place = "/apis/apps/v1/namespaces/inference/deployments/excepted";
  await until(
    () => get(client, place),
    // Its pod is made and waits: every node here is tainted for GPUs.
    (live) => at(live, "status", "replicas") === 1,
  );
  const other = await ask(client, object("apps/v1", "Deployment", "other", { spec }));
  t.regex(other.message, /W04: /);
  const privileged = changedTemplate(["spec", "hostPID"], true);
  const breach = await ask(
    client,
    object("apps/v1", "Deployment", "excepted", { spec: privileged["spec"] }),
  );
  t.regex(breach.message, /W01: /);
});

async function run(...args: readonly string[]) {
  const said = await kubectl(kubeconfig, ["--namespace=inference", ...args]);
  heard.push(said.out);
  return said;
}
const glass = ["--as=somebody", "--as-group=test-break-glass", "--as-group=system:masters"];

test("nobody but a break-glass group opens a pod, not even an administrator", async (t) => {
  const pod = (
    await run("get", "pods", "--selector=app.kubernetes.io/name=vllm", "--output=name")
  ).out.replace("pod/", "");
  const ways: readonly (readonly string[])[] = [
    ["exec", pod, "--", "true"],
    ["attach", pod],
    ["port-forward", pod, "18000:8000", "--address=127.0.0.1"],
    ["get", "--raw", `/api/v1/namespaces/inference/pods/${pod}/proxy/`],
    ["get", "--raw", "/api/v1/namespaces/inference/services/llama-3-70b:8000/proxy/"],
  ];
  for (const way of ways) {
    const { code, out } = await run(...way);
    t.not(code, 0);
    t.regex(out, /W06: .* would be opened from inside/, way.join(" "));
  }
  const image = `registry.dev.example.internal/tool@sha256:${"ab".repeat(32)}`;
  const debug = ["debug", pod, `--image=${image}`, "--profile=restricted", "--container=debug"];
  t.regex((await run(...debug)).out, /W05: .* would be debugged from inside/);
  // What a debug container must look like is another matter.
  t.notRegex((await run(...debug, ...glass)).out, /would be debugged/);
  // Nothing runs in a simulated pod, so what follows admission fails in another way.
  const { out } = await run("exec", pod, ...glass, "--", "true");
  t.notRegex(out, /W06/);
});

test("nobody gets a token of the Kubernetes API for a model's account", async (t) => {
  const { code, out } = await run("create", "token", "llama-3-70b");
  t.is(code, 1);
  t.regex(out, /W03: .* would get a token of the Kubernetes API/);
});

test("the default deny and its namespace go only with who may take the admission policies down", async (t) => {
  // Rights over the whole cluster: a role in the namespace would itself be refused.
  const apiGroup = "rbac.authorization.k8s.io";
  const rules = [
    { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["*"] },
    { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "delete"] },
  ];
  const roleRef = { apiGroup, kind: "ClusterRole", name: "owner" };
  const subjects = [{ apiGroup, kind: "User", name: "owner" }];
  await ask(client, object(`${apiGroup}/v1`, "ClusterRole", "owner", { rules }, ""), false);
  const binding = object(
    `${apiGroup}/v1`,
    "ClusterRoleBinding",
    "owner",
    { roleRef, subjects },
    "",
  );
  await ask(client, binding, false);
  const one = await run("delete", "networkpolicy", "default-deny", "--as=owner");
  t.regex(one.out, /E04: .* is a default deny, and the namespace would be open without it/);
  const all = await run("delete", "networkpolicies", "--all", "--as=owner", "--dry-run=server");
  t.regex(all.out, /E04: /);
  const home = await run("delete", "namespace", "inference", "--as=owner", "--dry-run=server");
  t.regex(home.out, /E04: Namespace inference holds the default deny and goes with it/);
  const deployer = await run("delete", "networkpolicy", "default-deny", "--dry-run=server");
  t.is(deployer.code, 0, deployer.out);
  const whole = await run("delete", "namespace", "inference", "--dry-run=server");
  t.is(whole.code, 0, whole.out);
});

test("a record of traffic cannot be altered, made by a change, or deleted by its author", async (t) => {
  const gateway = (...args: readonly string[]) => run("--namespace=gateway", ...args);
  await ask(client, trafficRecord(), false);
  await ask(client, object("v1", "ConfigMap", "plain", {}, "gateway"), false);
  const rewritten = '{"metadata":{"labels":{"private-llm/traffic-record":null}}}';
  const label = '{"metadata":{"labels":{"private-llm/traffic-record":"true"}}}';
  for (const [name, patch] of [
    ["traffic-record-000001", rewritten],
    ["plain", label],
  ] as const) {
    const { code, out } = await gateway(
      "patch",
      "configmap",
      name,
      "--type=merge",
      `--patch=${patch}`,
    );
    t.is(code, 1);
    t.regex(out, /C04: ConfigMap gateway\/\S+ is a record of traffic, or would be one/);
  }
  const apiGroup = "rbac.authorization.k8s.io";
  const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["*"] }];
  const roleRef = { apiGroup, kind: "Role", name: "writer" };
  const subjects = [{ apiGroup, kind: "User", name: "writer" }];
  await ask(client, object(`${apiGroup}/v1`, "Role", "writer", { rules }, "gateway"), false);
  const binding = { roleRef, subjects };
  await ask(client, object(`${apiGroup}/v1`, "RoleBinding", "writer", binding, "gateway"), false);
  const own = await gateway("delete", "configmap", "traffic-record-000001", "--as=writer");
  t.regex(own.out, /C04: .* is a record of traffic, and the chain would be broken without it/);
  const all = await gateway("delete", "configmaps", "--all", "--as=writer", "--dry-run=server");
  t.regex(all.out, /C04: /);
  const deployer = await gateway(
    "delete",
    "configmap",
    "traffic-record-000001",
    "--dry-run=server",
  );
  t.is(deployer.code, 0, deployer.out);
});

test("labels of the namespace cannot be changed through its subresources", async (t) => {
  const patch = '{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"privileged"}}}';
  const { code, out } = await run(
    "patch",
    "namespace",
    "inference",
    "--subresource=status",
    "--type=merge",
    `--patch=${patch}`,
  );
  t.is(code, 1);
  t.regex(out, /W01: Namespace inference does not enforce/);
});

test("every condition of every policy has refused something", (t) => {
  const silent = entries
    .filter(({ name }) => name !== "witness")
    .flatMap(({ name, policy }) =>
      policy.spec.validations
        .map(({ message }) => message.slice(message.indexOf(" ")))
        .filter((problem) => !heard.some((message) => message.includes(problem)))
        .map((problem) => `${name}:${problem}`),
    );
  t.deepEqual(silent, []);
});

test("the namespaces can be deleted with everything in it, and nothing is stuck", async (t) => {
  for (const namespace of ["inference", "gateway"]) {
    const { code, out } = await run("delete", "namespace", namespace, "--timeout=60s");
    t.is(code, 0, out);
  }
});
