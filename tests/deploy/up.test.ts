import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import test from "ava";
import type { KubeClient } from "../../deploy/api/client.ts";
import { applyObject } from "../../deploy/api/objects.ts";
import type { DeployableStack } from "../../deploy/stack.ts";
import { at, type Value } from "../../policies/model/value.ts";
import { command } from "../support/command.ts";
import { repository } from "../support/repository-copy.ts";
import {
  applied,
  devStack,
  get,
  inference,
  items,
  keyOf,
  type Laboratory,
  laboratory,
  record,
  replaced,
  textAt,
} from "./support/real-cluster.ts";

let lab: Laboratory;
let client: KubeClient;
let dev: DeployableStack;
/** Everything that any command said; searched for the key. */
const said: string[] = [];

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client } = await lab.start("dev"));
  dev = await devStack();
});

test.after.always(async () => {
  await lab?.close();
});

async function up(args: readonly string[] = []) {
  const ended = await command(repository, ["up", "dev", "--engine", "ssa", ...args], lab.env);
  said.push(ended.stdout, ended.stderr);
  return ended;
}

/** Ends `up` as soon as it has created something. @returns its exit code or signal */
async function interruptedUp(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  const child = spawn(
    process.execPath,
    [path.join(repository, "cli/run.ts"), "up", "dev", "--engine", "ssa"],
    { env: { ...process.env, ...lab.env }, stdio: ["ignore", "ignore", "pipe"] },
  );
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.push(text);
    if (!child.killed && text.includes("created ")) child.kill(signal);
  });
  const [code, by]: (number | NodeJS.Signals | null)[] = await once(child, "close");
  return code ?? by ?? null;
}

const versionOf = (object: Value) => at(object, "metadata", "resourceVersion");

test("up, killed in the middle, completes when it is run again", async (t) => {
  t.is(await interruptedUp("SIGKILL"), "SIGKILL");
  t.is(await interruptedUp("SIGINT"), 130);
  const { code, stdout, stderr } = await up();
  t.is(code, 0, stderr);
  t.regex(stdout, /Deployment +llama-3-70b +1\/1 ready/);
  const counts = /: (\d+) created, (\d+) changed, (\d+) unchanged, 0 pruned/.exec(stdout);
  const [created = 0, changed = 0, unchanged = 0] = (counts ?? []).slice(1).map(Number);
  t.true(created > 0 && unchanged > 0);
  t.is(created + changed + unchanged, dev.planned.length);
});

test("the model's pod runs on a simulated node", async (t) => {
  const pods = await items(client, `${inference}/pods`);
  t.is(pods.length, 1);
  t.is(at(pods[0], "status", "phase"), "Running");
  t.regex(textAt(pods[0], "spec", "nodeName"), /^local-gpu-[12]$/);
});

test("a simulated node keeps the hardware that the stack gave it", async (t) => {
  const node = await get(client, "/api/v1/nodes/local-gpu-1");
  t.is(at(node, "status", "allocatable", "nvidia.com/gpu"), "8");
  t.is(at(node, "status", "capacity", "memory"), "1152Gi");
});

test("a second up changes nothing and says so", async (t) => {
  const places = [
    `${inference}/services`,
    `${inference}/secrets`,
    `${inference}/configmaps`,
    "/apis/networking.k8s.io/v1/networkpolicies",
    "/apis/apps/v1/namespaces/inference/deployments",
    "/api/v1/namespaces",
    "/api/v1/namespaces/kube-system/configmaps",
  ];
  const versions = async () =>
    (await Promise.all(places.map((place) => items(client, place)))).flat().map(versionOf);
  const before = await versions();
  const { code, stdout, stderr } = await up();
  t.is(code, 0, stderr);
  const verdict = `nothing to change, ${dev.planned.length} objects are as the stack wants them\n`;
  t.true(stdout.includes(`: ${verdict}`), stdout);
  t.deepEqual(await versions(), before);
  t.is((await up(["--quiet"])).stdout, `dev: ${verdict}`);
});

test("no command has shown the key", async (t) => {
  const key = await keyOf(client);
  t.is(key.length, 48);
  t.true(said.length > 0);
  t.false(said.join("").includes(key));
});

test("a privileged pod is refused in the inference namespace", async (t) => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "root", namespace: "inference" },
    spec: { containers: [{ name: "c", image: "x", securityContext: { privileged: true } }] },
  };
  const { status, body } = await applyObject(client, `${inference}/pods/root`, pod, {
    force: false,
  });
  t.is(status, 403);
  t.regex(textAt(body, "message"), /violates PodSecurity "restricted:latest": privileged/);
});

test("three replicas of 8 GPUs leave the third pending, and the reason is told", async (t) => {
  const three = replaced(dev, "Deployment", "llama-3-70b", (body) => ({
    ...body,
    spec: { ...record(body["spec"]), replicas: 3 },
  }));
  const error = await t.throwsAsync(applied(client, three, { timeoutSeconds: 4 }));
  t.regex(
    error.message,
    /^1 object is not ready after 4 s; wait longer with --timeout SECONDS, or remove the reason\n {2}Deployment inference\/llama-3-70b: 2\/3 ready\n {4}pod llama-3-70b-\S+: 0\/4 nodes are available: 2 Insufficient nvidia.com\/gpu/,
  );
  const phases = (await items(client, `${inference}/pods`)).map((pod) =>
    textAt(pod, "status", "phase"),
  );
  t.deepEqual(
    phases.toSorted((a, b) => a.localeCompare(b)),
    ["Pending", "Running", "Running"],
  );
  t.is((await applied(client, dev)).changed, 1);
});

test("down removes the local cluster and says what it removed", async (t) => {
  const { code, stdout } = await command(repository, ["down", "dev"], lab.env);
  t.is(code, 0);
  t.regex(
    stdout,
    /^dev: removed cluster dev with everything on it: ended etcd \(process \d+\), .*; deleted \S+\/clusters\/dev\n$/,
  );
  t.is(
    (await command(repository, ["down", "dev"], lab.env)).stdout,
    "dev: cluster dev does not exist, nothing to remove\n",
  );
});
