import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { access, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import test from "ava";
import { ensureTools, toolPath } from "../../tools/cluster/binaries/ensure.ts";
import type { RunningCluster } from "../../tools/cluster/cluster.ts";
import {
  clusterStatus,
  resetCluster,
  startCluster,
  stopCluster,
} from "../../tools/cluster/cluster.ts";
import { componentNames } from "../../tools/cluster/control-plane/components.ts";
import { consoleProgress } from "../../tools/cluster/progress.ts";
import { kubectl, openToOthers, pids, processes, runs, settles } from "./support/clusters.ts";
import { gpuNode, gpuPods, podMonitor } from "./support/objects.ts";
import { recordedProgress, sandbox } from "./support/sandbox.ts";

const { folder, remove } = await sandbox();
const env = { ...process.env, XDG_STATE_HOME: folder };
const stateOf = (name: string) => join(folder, "private-llm", "clusters", name);
const started = new Map<string, RunningCluster>();

function cluster(name: string): RunningCluster {
  const found = started.get(name);
  if (found === undefined) throw new Error(`cluster ${name} was not started`);
  return found;
}

test.before("tools are there and two clusters start side by side", async (t) => {
  const needed = [...componentNames, "kubectl"] as const;
  // Extends AVA's own limit for the whole file, so only where there is something to build.
  if (!needed.every((name) => existsSync(toolPath(name, env)))) {
    t.timeout(45 * 60_000, "the first run on a machine builds Kubernetes from source");
  }
  await ensureTools(needed, { progress: consoleProgress() });
  await Promise.all(
    ["one", "two"].map(async (name) => started.set(name, await startCluster({ name, env }))),
  );
});

test.after.always("nothing of the clusters is left", async () => {
  for (const name of ["one", "two", "torn"]) await resetCluster({ name, env });
  await remove();
});

test("two clusters have their own address, authority and context", async (t) => {
  const [one, two] = [cluster("one"), cluster("two")];
  t.true(one.changed);
  t.not(one.server, two.server);
  t.is(one.context, "private-llm-one");
  t.is((await kubectl(one.kubeconfig, ["config", "current-context"])).out, "private-llm-one");
  const crossed = await kubectl(one.kubeconfig, [`--server=${two.server}`, "get", "ns"]);
  t.regex(crossed.out, /certificate signed by unknown authority/);
});

test("the API server is the pinned Kubernetes version", async (t) => {
  const { out } = await kubectl(cluster("one").kubeconfig, ["get", "--raw", "/version"]);
  t.like(JSON.parse(out), { gitVersion: "v1.37.2", major: "1", minor: "37" });
});

test("a request without a certificate is refused", async (t) => {
  const status = await new Promise((resolve, reject) => {
    const call = request(
      `${cluster("one").server}/version`,
      // Only the refusal is looked at, so the server's own certificate does not matter here.
      { rejectUnauthorized: false },
      (response) => resolve(response.resume().statusCode),
    );
    call.once("error", reject);
    call.end();
  });
  t.is(status, 401);
});

test("nobody else can read anything in the state folder", async (t) => {
  t.deepEqual(await openToOthers(join(folder, "private-llm")), []);
});

test("starting a cluster that runs changes nothing and says so", async (t) => {
  const before = await pids("one", env);
  const progress = recordedProgress();
  const again = await startCluster({ name: "one", env, progress });
  t.false(again.changed);
  t.deepEqual(progress.steps, [`cluster one: already running at ${again.server}, nothing to do`]);
  t.deepEqual(await pids("one", env), before);
});

test("a simulated node becomes ready, runs two Pods of 4 GPUs and keeps the third waiting", async (t) => {
  const { kubeconfig } = cluster("one");
  const apply = ["apply", "--server-side", "-f", "-"];
  t.is((await kubectl(kubeconfig, apply, gpuNode)).code, 0);
  const ready = '{.status.conditions[?(@.type=="Ready")].status}';
  const node = () => kubectl(kubeconfig, ["get", "node", "gpu-0", "-o", `jsonpath=${ready}`]);
  t.is(await settles("True", async () => (await node()).out), "True");

  t.is((await kubectl(kubeconfig, apply, gpuPods(3))).code, 0);
  const phases = async () => {
    const path = "jsonpath={.items[*].status.phase}";
    const { out } = await kubectl(kubeconfig, ["get", "pods", "-l", "app=model", "-o", path]);
    return out.split(" ").sort().join(" ");
  };
  t.is(await settles("Pending Running Running", phases), "Pending Running Running");
  const events = async () =>
    (await kubectl(kubeconfig, ["get", "events", "--field-selector=reason=FailedScheduling"])).out;
  t.regex(await events(), /Insufficient nvidia\.com\/gpu/);
});

test("a volume claim without a class is bound by the simulated storage", async (t) => {
  const { kubeconfig } = cluster("one");
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "weights" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "200Gi" } } },
  };
  await kubectl(kubeconfig, ["apply", "-f", "-"], JSON.stringify(claim));
  const phase = [
    "get",
    "pvc",
    "weights",
    "-o",
    "jsonpath={.status.phase}/{.spec.storageClassName}",
  ];
  const bound = "Bound/kwok-volume";
  t.is(await settles(bound, async () => (await kubectl(kubeconfig, phase)).out), bound);
});

test("the monitoring objects are served with their schemas", async (t) => {
  const { kubeconfig } = cluster("one");
  const dryRun = ["apply", "--dry-run=server", "-f", "-"];
  const good = await kubectl(kubeconfig, dryRun, podMonitor({ selector: {} }));
  t.is(good.out, "podmonitor.monitoring.coreos.com/engine created (server dry run)");
  const bad = await kubectl(kubeconfig, dryRun, podMonitor({ selector: "all" }));
  t.regex(bad.out, /spec\.selector: Invalid value: "string"/);
});

test("a killed process is named by status and by start, which repairs it and keeps the data", async (t) => {
  const before = await processes("one", env);
  const etcd = before.find(({ component }) => component === "etcd");
  const kwok = before.find(({ component }) => component === "kwok");
  for (const victim of [etcd, kwok]) process.kill(victim?.pid ?? Number.NaN, "SIGKILL");
  const dead = async () =>
    (await processes("one", env))
      .filter(({ state }) => state === "dead")
      .map(({ component }) => component)
      .join(" ");
  t.is(await settles("etcd kwok", dead), "etcd kwok");
  t.is((await clusterStatus("one", env)).state, "degraded");

  const progress = recordedProgress();
  const repaired = await startCluster({ name: "one", env, progress });

  t.deepEqual(progress.steps, [
    `cluster one: etcd (process ${etcd?.pid}) was found dead; its last words are in ${etcd?.log}`,
    `cluster one: kwok (process ${kwok?.pid}) was found dead; its last words are in ${kwok?.log}`,
    "cluster one: API server answers",
    `cluster one: ready at ${cluster("one").server}`,
  ]);
  t.true(repaired.changed);
  t.is((await clusterStatus("one", env)).state, "ready");
  const node = await kubectl(repaired.kubeconfig, ["get", "node", "gpu-0", "-o", "name"]);
  t.is(node.out, "node/gpu-0");
});

test("a process that was started but never recorded is found and stopped", async (t) => {
  const found = await processes("two", env);
  await rm(join(stateOf("two"), "processes", "kube-scheduler.json"));
  t.is(await stopCluster({ name: "two", env }), 5);
  t.deepEqual(
    found.map(({ pid = 0 }) => runs(pid)),
    [false, false, false, false, false],
  );
});

test("a process that got a recycled pid is left alone", async (t) => {
  const stranger = spawn("sleep", ["60"]);
  t.teardown(() => stranger.kill("SIGKILL"));
  await once(stranger, "spawn");
  await writeFile(
    join(stateOf("two"), "processes", "etcd.json"),
    JSON.stringify({ pid: stranger.pid, started: "an earlier boot:1" }),
  );
  t.is(await stopCluster({ name: "two", env }), 0);
  t.true(runs(stranger.pid ?? 0));
  t.is(stranger.signalCode, null);
});

test("where a recorded port is taken, start moves to new ones, rewrites the kubeconfig and keeps the data", async (t) => {
  const two = cluster("two");
  await startCluster({ name: "two", env });
  await kubectl(two.kubeconfig, ["create", "namespace", "kept"]);
  await stopCluster({ name: "two", env });
  const port = Number(new URL(two.server).port);
  const squatter = createServer().listen(port, "127.0.0.1");
  t.teardown(() => squatter.close());
  await once(squatter, "listening");

  const progress = recordedProgress();
  const moved = await startCluster({ name: "two", env, progress });

  t.not(moved.server, two.server);
  t.deepEqual(progress.steps.slice(0, 2), [
    `cluster two: port ${port} of kube-apiserver is taken by another program`,
    "cluster two: moved to new ports; its kubeconfig was rewritten",
  ]);
  const kept = await kubectl(moved.kubeconfig, ["get", "namespace", "kept", "-o", "name"]);
  t.is(kept.out, "namespace/kept");
});

test("a start that is killed half-way is completed by the next one", async (t) => {
  const cli = join(import.meta.dirname, "../../cli/cluster.ts");
  const first = spawn(process.execPath, [cli, "start", "--name", "torn"], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const closed = once(first, "close");
  const recorded = join(stateOf("torn"), "processes", "kube-apiserver.json");
  const isThere = () =>
    access(recorded).then(
      () => true,
      () => false,
    );
  t.true(await settles(true, isThere));
  first.kill("SIGINT");
  await closed;
  t.is(first.signalCode, "SIGINT");
  const survivors = await pids("torn", env);

  const completed = await startCluster({ name: "torn", env });

  t.is((await clusterStatus("torn", env)).state, "ready");
  t.deepEqual(
    survivors.filter((pid) => !runs(pid)),
    [],
  );
  t.true((await pids("torn", env)).length === 5);
  t.regex(completed.server, /^https:\/\/127\.0\.0\.1:\d+$/);
});

test("a cluster of another Kubernetes version is restarted on the pinned one", async (t) => {
  const file = join(stateOf("two"), "cluster.json");
  const record = await readFile(file, "utf8");
  await writeFile(file, record.replace("v1.37.2", "v1.36.9"));
  const before = await pids("two", env);
  const progress = recordedProgress();

  await startCluster({ name: "two", env, progress });

  t.deepEqual(progress.steps.slice(0, 2), [
    "cluster two: runs on v1.36.9, restarting it on v1.37.2",
    "cluster two: stopped 5 of 5 processes",
  ]);
  t.deepEqual(before.filter(runs), []);
  t.is(await readFile(file, "utf8"), record);
});

test("address ranges of an existing cluster cannot change", async (t) => {
  const error = await t.throwsAsync(
    startCluster({ name: "one", env, podCidr: "10.0.0.0/16", serviceCidr: "10.1.0.0/16" }),
  );
  t.is(
    error.message,
    "cluster one: podCidr is 10.244.0.0/16, asked for 10.0.0.0/16; serviceCidr is 10.96.0.0/16, " +
      "asked for 10.1.0.0/16. Ranges are fixed when a cluster is made: reset it first",
  );
});

test("stop leaves no process and keeps the data; reset leaves no folder", async (t) => {
  const running = await pids("torn", env);
  t.is(running.length, 5);
  const progress = recordedProgress();
  await stopCluster({ name: "torn", env, progress });
  t.deepEqual(progress.steps, ["cluster torn: stopped 5 of 5 processes"]);
  t.deepEqual(running.filter(runs), []);
  t.is((await clusterStatus("torn", env)).state, "stopped");
  t.regex(await readFile(join(stateOf("torn"), "kubeconfig"), "utf8"), /private-llm-torn/);

  await resetCluster({ name: "torn", env });
  await t.throwsAsync(access(stateOf("torn")), { code: "ENOENT" });
  t.deepEqual(await clusterStatus("torn", env), { state: "absent", name: "torn" });
});
