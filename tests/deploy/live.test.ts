import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import type { KubeClient } from "../../deploy/api/client.ts";
import { discover } from "../../deploy/live/discover.ts";
import { listAll } from "../../deploy/live/list.ts";
import { groupOf } from "../../policies/kubernetes/api-groups.ts";
import { at, type Value } from "../../policies/model/value.ts";
import { kubectl, settles } from "../cluster/support/clusters.ts";
import { command } from "../support/command.ts";
import { repository } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { as, created, creates, removed } from "./support/live-cluster.ts";
import {
  applied,
  devStack,
  inference,
  items,
  type Laboratory,
  laboratory,
  textAt,
} from "./support/real-cluster.ts";

let lab: Laboratory;
let client: KubeClient;
let kubeconfig: string;

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client, kubeconfig } = await lab.start("dev"));
  await applied(client, await devStack());
});

test.after.always(async () => {
  await lab?.close();
});

function check(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  return command(repository, ["check", "--live", "--stack", "dev", ...args], {
    ...lab.env,
    ...env,
  });
}

test("what the stack deployed is clean, and nobody else made anything", async (t) => {
  const { code, stdout } = await check();
  t.is(code, 0, stdout);
  t.regex(
    stdout,
    /^Checking what runs on https:\/\/127\.0\.0\.1:\d+ \(context private-llm-dev\) by the settings of dev/,
  );
  t.regex(
    stdout,
    /Objects:\n {4}\d+ read: \d+ made by stacks, \d+ by Kubernetes itself, 0 by somebody else\n/,
  );
  t.false(stdout.includes("Differs"));
  t.regex(stdout, /dev: clean \(/);
});

test("nothing is changed by looking", async (t) => {
  const places = ["/api/v1/namespaces", `${inference}/configmaps`, "/apis/apps/v1/deployments"];
  const look = () =>
    Promise.all(
      places.map(async (place) =>
        (await items(client, place)).map((item) => textAt(item, "metadata", "resourceVersion")),
      ),
    );
  const before = await look();
  await check();
  t.deepEqual(await look(), before);
});

test("a network policy that got past admission is refused, with the guard that is missing, and named as nobody's", async (t) => {
  const guard = "private-llm-inference-network-policies";
  await withoutGuard(t, guard);
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "allow-all", namespace: "inference" },
    spec: { podSelector: {}, egress: [{}], policyTypes: ["Egress"] },
  };
  // The API server learns of it a moment later.
  t.true(await settles(true, () => creates(kubeconfig, policy)));
  t.teardown(() => removed(kubeconfig, policy));
  const { code, stdout } = await check();
  t.is(code, 1);
  t.regex(stdout, /E05 no-open-network-policy\n {6}NetworkPolicy inference\/allow-all\n/);
  t.regex(
    stdout,
    new RegExp(`C04 admission-guard\\n {6}Namespace inference\\n.*Binding "${guard}"`),
  );
  t.regex(
    stdout,
    /Not made by a stack:\n {4}- NetworkPolicy inference\/allow-all \(by kubectl-create, \d{4}-\d\d-\d\d\)\n/,
  );
});

const container = { name: "c", image: "registry.dev.example.internal/x" };

test("a pod on the host's network and a bare pod are refused where no admission stops them, and named", async (t) => {
  const pod = (name: string, spec: object) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [container], ...spec },
  });
  await created(t, kubeconfig, pod("on-host", { hostNetwork: true }), pod("bare", {}));
  const { code, stdout } = await check();
  t.is(code, 1);
  t.regex(stdout, /W01 restricted-pods\n {6}Pod default\/on-host\n {6}spec\.hostNetwork: is true/);
  t.regex(stdout, /W01 restricted-pods\n {6}Pod default\/bare\n/);
  t.true(stdout.includes("    - Pod default/bare (by kubectl-create"));
  t.true(stdout.includes("    - Pod default/on-host (by kubectl-create"));
});

test("a well-behaved object is no violation, and named all the same, whatever its labels say", async (t) => {
  await created(t, kubeconfig, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "posing",
      namespace: "gateway",
      labels: { "private-llm/stack": "dev", "app.kubernetes.io/managed-by": "pulumi" },
    },
  });
  const { code, stdout } = await check();
  t.is(code, 0, stdout);
  t.true(
    stdout.includes("Not made by a stack:\n    - ConfigMap gateway/posing (by kubectl-create"),
  );
});

/** Whoever may do a thing that admission refuses may take the guard away first; it is put back in the end. */
async function withoutGuard(t: ExecutionContext, name: string): Promise<void> {
  t.teardown(async () => applied(client, await devStack()));
  await kubectl(kubeconfig, ["delete", "validatingadmissionpolicybinding", name]);
}

test("a debugging container in a pod of the stack is found, although its owner is as it should be", async (t) => {
  const [pod] = await items(client, `${inference}/pods`);
  const name = textAt(pod, "metadata", "name");
  const ephemeralContainers = [
    {
      name: "debugger",
      image: `registry.dev.example.internal/tools@sha256:${"0".repeat(64)}`,
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
  ];
  await withoutGuard(t, "private-llm-inference-model-pods");
  const debug = async () =>
    client.send("PATCH", `${inference}/pods/${name}/ephemeralcontainers`, {
      body: { spec: { ephemeralContainers } },
      contentType: "application/strategic-merge-patch+json",
    });
  t.true(await settles(true, async () => (await debug()).status === 200));
  // A debugging container stays until its pod goes; the workload then makes a new one.
  t.teardown(() => renewed(name));
  const { code, stdout } = await check();
  t.is(code, 1);
  t.true(
    stdout.includes(
      `Differs from what it was made from:\n    - Pod inference/${name}: spec.ephemeralContainers (ReplicaSet inference/`,
    ),
    stdout,
  );
  t.regex(
    stdout,
    new RegExp(
      `W05 allowed-containers\n {6}Pod inference/${name}\n {6}spec\\.ephemeralContainers\\[0\\]`,
    ),
  );
  t.false(stdout.includes("Not made by a stack"));
});

async function renewed(name: string): Promise<void> {
  await kubectl(kubeconfig, [
    "delete",
    "pod",
    name,
    "-n",
    "inference",
    "--force",
    "--grace-period=0",
  ]);
  await settles(true, async () => {
    const pods = await items(client, `${inference}/pods`);
    return pods.length === 1 && textAt(pods[0], "metadata", "name") !== name;
  });
}

test("a pod that was taken out of its workload's policies by a label is found", async (t) => {
  const [pod] = await items(client, `${inference}/pods`);
  const name = textAt(pod, "metadata", "name");
  await kubectl(kubeconfig, ["label", "pod", name, "-n", "inference", "role=gateway"]);
  t.teardown(() => kubectl(kubeconfig, ["label", "pod", name, "-n", "inference", "role-"]));
  const { stdout } = await check();
  t.true(stdout.includes(`Pod inference/${name}: metadata.labels["role"] (ReplicaSet`), stdout);
});

test("every kind is listed the same page by page as at once", async (t) => {
  const { kinds } = await discover(client);
  t.true(kinds.length > 40);
  for (const kind of kinds.filter(({ plural }) =>
    /^(?:serviceaccounts|roles|pods)$/.test(plural),
  )) {
    const paged = await listAll(client, kind, 3);
    t.deepEqual(paged, await listAll(client, kind), kind.plural);
    t.true("objects" in paged && paged.objects.length > 0);
  }
});

test("somebody who may not read everything gets no clean verdict, and is told what to ask for", async (t) => {
  const { code, stdout } = await check(
    await as(t, kubeconfig, "viewer", [
      { apiGroups: ["", "apps", "networking.k8s.io"], resources: ["*"], verbs: ["get", "list"] },
    ]),
  );
  t.is(code, 3, stdout);
  t.regex(
    stdout,
    / - ClusterRole \(rbac\.authorization\.k8s\.io\/v1\): clusterroles\.rbac\.authorization\.k8s\.io is forbidden: .*; grant list on it to whoever runs this check\n/,
  );
  t.regex(stdout, /policies over the whole cluster: were not run/);
  t.regex(stdout, /dev: undecided \(/);
});

test("a role that may list everything but Secrets finds nothing wrong, and says what it did not see", async (t) => {
  const { kinds } = await discover(client);
  const rules = kinds
    .filter(({ kind }) => kind !== "Secret")
    .map((kind) => ({ apiGroups: [groupOf(kind)], resources: [kind.plural], verbs: ["list"] }));
  const { code, stdout } = await check(await as(t, kubeconfig, "auditor", rules));
  t.is(code, 3, stdout);
  t.regex(stdout, /Policies:\n {4}(\d+) of \1 run over \d+ objects, 0 violations\n/);
  t.regex(
    stdout,
    /Undecided:\n {4}- Secret \(v1\): secrets is forbidden: [^\n]*\n\ndev: undecided/,
  );
  // The role itself was made by hand.
  t.true(stdout.includes("    - ClusterRole live-auditor (by kubectl-create"));
});

test("a kubeconfig that points at another cluster than the stack's is refused, unless its context is named", async (t) => {
  const text = (await readFile(kubeconfig, "utf8")).replaceAll("private-llm-dev", "work");
  const file = path.join(await temporaryFolder(t), "kubeconfig");
  await writeFile(file, text);
  const refused = await check(["--kubeconfig", file]);
  t.is(refused.code, 2);
  t.regex(
    refused.stderr,
    /refused: context "work" in \S+ points at https:\/\/127\.0\.0\.1:\d+, .* and stack dev belongs to context "private-llm-dev"/,
  );
  const named = await check(["--kubeconfig", file, "--context", "work"]);
  t.is(named.code, 0, named.stdout);
  const byVariable = await check(["--context", "work"], { KUBECONFIG: file });
  t.is(byVariable.code, 0, byVariable.stdout);
});

test("a local cluster that does not run is not started, and there is no verdict", async (t) => {
  const { code, stdout, stderr } = await check([], { XDG_STATE_HOME: await temporaryFolder(t) });
  t.is(code, 2);
  t.is(stdout, "");
  t.regex(
    stderr,
    /^local cluster dev of stack dev does not run; start it with make up, or name another with --kubeconfig FILE\n$/,
  );
});

test("the JSON report holds every object that nobody made", async (t) => {
  await created(t, kubeconfig, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "note", namespace: "default" },
    data: { text: "remember" },
  });
  const { stdout } = await check(["--format", "json"]);
  const report: Value = JSON.parse(stdout);
  t.is(at(report, "stacks", 0, "kind"), "live");
  t.is(at(report, "stacks", 0, "live", "context"), "private-llm-dev");
  t.like(at(report, "stacks", 0, "live", "foreign", 0), {
    object: "ConfigMap default/note",
    apiVersion: "v1",
    namespace: "default",
    managers: ["kubectl-create"],
  });
});
