import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import {
  clusterStatus,
  resetCluster,
  startCluster,
  stopCluster,
} from "../../tools/cluster/cluster.ts";
import { moduleFolder } from "../../tools/cluster/module-files.ts";
import { consoleProgress } from "../../tools/cluster/progress.ts";
import { recordedProgress, sandbox } from "./support/sandbox.ts";

const { folder, remove } = await sandbox();
const env = { ...process.env, XDG_STATE_HOME: folder };
const cli = join(import.meta.dirname, "../../cli/cluster.ts");

test.after.always("the sandbox is removed", remove);

async function command(...args: readonly string[]) {
  const outcome = await promisify(execFile)(process.execPath, [cli, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code: outcome.code, stdout: outcome.stdout, stderr: outcome.stderr };
}

test("a name that cannot be a folder and a context is refused with an example", async (t) => {
  const error = await t.throwsAsync(startCluster({ name: "../dev", env }));
  t.is(
    error.message,
    'cluster name "../dev": use 1 to 40 lower-case letters, digits and inner hyphens, such as "dev"',
  );
});

const badRanges = [
  [
    { podCidr: "10.0.0.0/8" },
    'podCidr "10.0.0.0/8" and serviceCidr "10.96.0.0/16" overlap; give them separate ranges',
  ],
  [
    { serviceCidr: "10.96.0.1/16" },
    'serviceCidr: "10.96.0.1/16" has address bits set behind its prefix /16; write 10.96.0.0/16',
  ],
  [
    { podCidr: "fd00::/48" },
    'podCidr: "fd00::/48" is IPv6; the local cluster has IPv4 only, as in 10.96.0.0/16',
  ],
] as const;

for (const [given, message] of badRanges) {
  test(`address ranges ${JSON.stringify(given)} are refused before anything starts`, async (t) => {
    const error = await t.throwsAsync(startCluster({ name: "dev", env, ...given }));
    t.is(error.message, message);
    t.deepEqual(await clusterStatus("dev", env), { state: "absent", name: "dev" });
  });
}

test("stop and reset of a cluster that does not exist say so", async (t) => {
  const progress = recordedProgress();
  t.is(await stopCluster({ name: "ghost", env, progress }), 0);
  await resetCluster({ name: "ghost", env, progress });
  t.deepEqual(progress.steps, [
    "cluster ghost: does not exist, nothing to stop",
    "cluster ghost: does not exist, nothing to delete",
  ]);
});

test("a damaged record is named with the way out, and reset is that way", async (t) => {
  const root = join(folder, "private-llm/clusters/torn");
  await mkdir(root, { recursive: true });
  await writeFile(join(root, "cluster.json"), "{");
  const error = await t.throwsAsync(startCluster({ name: "torn", env }));
  t.is(
    error.message,
    `${root}/cluster.json is not a cluster record of this version; run "reset" to delete the cluster`,
  );
  await resetCluster({ name: "torn", env });
  t.is((await clusterStatus("torn", env)).state, "absent");
});

test("without Go the error says which files are missing and what to install", async (t) => {
  const error = await t.throwsAsync(moduleFolder("runtime", "sigs.k8s.io/kwok", { PATH: folder }));
  t.is(
    error.message,
    'sigs.k8s.io/kwok: its files come from the Go module cache, and no "go" command is on PATH. ' +
      "Install Go 1.26 or later (https://go.dev/dl)",
  );
});

test("a module that cannot be had is named with what to check", async (t) => {
  const error = await t.throwsAsync(
    moduleFolder("runtime", "sigs.k8s.io/kwok", {
      ...process.env,
      GOMODCACHE: join(folder, "modules"),
      GOPROXY: "off",
    }),
  );
  t.regex(
    error.message,
    /^sigs\.k8s\.io\/kwok: cannot be read from the Go module cache or downloaded: /,
  );
  t.regex(error.message, /Check GOPROXY \("go env GOPROXY"\) and the network$/);
});

test("the command refuses what it does not know with its usage and exit code 2", async (t) => {
  for (const args of [[], ["fly"], ["start", "now"], ["start", "--force"]]) {
    const { code, stderr } = await command(...args);
    t.is(code, 2, args.join(" "));
    t.regex(stderr, /usage: node cli\/cluster\.ts start\|stop\|status\|reset \[--name NAME\]/);
  }
});

test("status of a cluster that is not ready ends with exit code 1", async (t) => {
  t.deepEqual(await command("status", "--name", "ghost"), {
    code: 1,
    stdout: "cluster ghost: does not exist\n",
    stderr: "",
  });
});

test("an error of the command is one line without a stack", async (t) => {
  const { code, stderr } = await command("start", "--name", "Dev");
  t.is(code, 1);
  t.regex(stderr, /^error: cluster name "Dev": [^\n]+\n$/);
});

test("on a terminal a tick is rewritten in place; elsewhere it waits its turn", (t) => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const terminal = consoleProgress({ isTTY: true, columns: 14, write });
  terminal.tick("building, 1 s and more");
  terminal.step("built");
  t.deepEqual(written.splice(0), ["\r\u001b[2Kbuilding, 1 s", "\r\u001b[2Kbuilt\n"]);
  const plain = consoleProgress({ write });
  plain.tick("building, 1 s");
  plain.step("built");
  t.deepEqual(written, ["built\n"]);
});
