import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { findSum } from "../../tools/cluster/binaries/download.ts";
import { ensureTool, toolPath } from "../../tools/cluster/binaries/ensure.ts";
import { currentPlatform } from "../../tools/cluster/binaries/platform.ts";
import type { Tool } from "../../tools/cluster/binaries/table.ts";
import { tools } from "../../tools/cluster/binaries/table.ts";
import { releaseSite, sha256 } from "./support/release-site.ts";
import { recordedProgress, sandbox } from "./support/sandbox.ts";

const exec = promisify(execFile);
const kubectl = Buffer.from("#!/bin/sh\necho official kubectl\n");
const kubectlPath = tools.kubectl.official(currentPlatform())?.path ?? "";

/** An address where nothing listens: the site was closed again. */
async function unreachable(): Promise<string> {
  const site = await releaseSite({});
  await site.close();
  return site.url;
}

function hosts(url: string) {
  return { kubernetes: url, github: url, helm: url };
}

/** A PATH whose `go` is the given shell script. */
async function fakeGo(folder: string, script: string): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "go"), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, "go"), 0o755);
  return `${bin}:/usr/bin:/bin`;
}

async function leftOver(folder: string, path: string): Promise<readonly string[]> {
  const place = join(path, "..");
  return place.startsWith(folder) ? readdir(place) : ["outside"];
}

test("an official binary whose sum matches is cached, executable, and fetched only once", async (t) => {
  const { folder, remove } = await sandbox();
  const site = await releaseSite({
    [kubectlPath]: kubectl,
    [`${kubectlPath}.sha256`]: Buffer.from(sha256(kubectl)),
  });
  t.teardown(remove);
  t.teardown(site.close);
  const options = { env: { XDG_CACHE_HOME: folder, PATH: "" }, hosts: hosts(site.url) };

  const path = await ensureTool("kubectl", options);
  t.is(await ensureTool("kubectl", options), path);

  const version = tools.kubectl.version;
  t.is(path, join(folder, "private-llm/tools/kubectl", version, currentPlatform(), "kubectl"));
  t.is((await exec(path)).stdout, "official kubectl\n");
  t.deepEqual(site.requested, [`${kubectlPath}.sha256`, kubectlPath]);
  t.deepEqual(await leftOver(folder, path), ["kubectl"]);
});

test("a binary in a tar archive is unpacked after its sum was checked", async (t) => {
  const { folder, remove } = await sandbox();
  t.teardown(remove);
  const official = tools.helm.official(currentPlatform());
  const member = official.member;
  await mkdir(join(folder, member, ".."), { recursive: true });
  await writeFile(join(folder, member), "#!/bin/sh\necho official helm\n");
  await exec("tar", ["-czf", join(folder, "helm.tar.gz"), "-C", folder, member]);
  const archive = await readFile(join(folder, "helm.tar.gz"));
  const name = official.path.slice(1);
  const site = await releaseSite({
    [official.path]: archive,
    [official.checksums]: Buffer.from(`${"0".repeat(64)}  other\n${sha256(archive)}  ${name}\n`),
  });
  t.teardown(site.close);
  const path = await ensureTool("helm", {
    env: { XDG_CACHE_HOME: folder, PATH: "" },
    hosts: hosts(site.url),
  });
  t.is((await exec(path)).stdout, "official helm\n");
});

test("a binary whose sum differs is refused with both sums and never lands in the cache", async (t) => {
  const { folder, remove } = await sandbox();
  const published = sha256(Buffer.from("something else"));
  const site = await releaseSite({
    [kubectlPath]: kubectl,
    [`${kubectlPath}.sha256`]: Buffer.from(published),
  });
  t.teardown(remove);
  t.teardown(site.close);
  const env = { XDG_CACHE_HOME: folder, PATH: "" };

  const error = await t.throwsAsync(ensureTool("kubectl", { env, hosts: hosts(site.url) }));

  t.is(
    error.message,
    `kubectl ${tools.kubectl.version}: ${site.url}${kubectlPath} has SHA-256 ${sha256(kubectl)}, but ` +
      `${published} is published; the file was not used. Try again; if it stays, ask who changes files ` +
      "on the way to you",
  );
  t.deepEqual(await leftOver(folder, toolPath("kubectl", env)), []);
});

test("without a reachable site the tool is built from its pinned module", async (t) => {
  const { folder, remove } = await sandbox();
  t.teardown(remove);
  const url = await unreachable();
  const PATH = await fakeGo(
    folder,
    `pwd > ${folder}/where; echo "$@" > ${folder}/arguments; echo "$CGO_ENABLED $GOWORK" > ${folder}/env
     while [ "$1" != -o ]; do shift; done; printf '#!/bin/sh\necho built\n' > "$2"`,
  );
  const progress = recordedProgress();

  const env = { XDG_CACHE_HOME: folder, PATH };
  const path = await ensureTool("crane", { env, hosts: hosts(url), progress });

  t.is((await exec(path)).stdout, "built\n");
  t.regex(await readFile(join(folder, "where"), "utf8"), /tools\/cluster\/runtime\n$/);
  t.is(await readFile(join(folder, "env"), "utf8"), "0 off\n");
  t.is(
    await readFile(join(folder, "arguments"), "utf8"),
    `build -mod=readonly -trimpath -buildvcs=false -ldflags ${tools.crane.ldflags} ` +
      `-o ${join(path, "../unfinished/crane")} ${tools.crane.package}\n`,
  );
  t.deepEqual(progress.steps, [
    `crane v0.22.1: building from source (once per version; ${url} is not reachable)`,
    "crane v0.22.1: ready",
  ]);
});

test("a site that lacks the file is not the end: the tool is built", async (t) => {
  const { folder, remove } = await sandbox();
  const site = await releaseSite({});
  t.teardown(remove);
  t.teardown(site.close);
  const PATH = await fakeGo(folder, `while [ "$1" != -o ]; do shift; done; echo built > "$2"`);
  const progress = recordedProgress();
  await ensureTool("kubectl", {
    env: { XDG_CACHE_HOME: folder, PATH },
    hosts: hosts(site.url),
    progress,
  });
  t.is(
    progress.steps[0],
    `kubectl v1.37.2: building from source (once per version; ${site.url}${kubectlPath}: ` +
      `its checksum file ${site.url}${kubectlPath}.sha256 answers HTTP 404)`,
  );
});

test("a full disk during the build names the folder and the remedy and leaves no half file", async (t) => {
  const { folder, remove } = await sandbox();
  t.teardown(remove);
  const PATH = await fakeGo(
    folder,
    `while [ "$1" != -o ]; do shift; done; echo half > "$2"
     echo "write $2: no space left on device" >&2; exit 1`,
  );
  const env = { XDG_CACHE_HOME: folder, PATH };
  const error = await t.throwsAsync(ensureTool("kwok", { env }));
  const place = join(folder, "private-llm/tools");
  t.is(
    error.message,
    `kwok v0.8.0: no space left on device while preparing it for ${place}. Free about 3 GB there, in ` +
      `the Go build cache ("go env GOCACHE") and in ${tmpdir()}, or point XDG_CACHE_HOME, GOCACHE ` +
      "and TMPDIR at a larger disk, and run again; nothing was left behind",
  );
  t.deepEqual(await leftOver(folder, toolPath("kwok", env)), []);
});

test("a build that fails shows what the compiler said", async (t) => {
  const { folder, remove } = await sandbox();
  t.teardown(remove);
  const PATH = await fakeGo(folder, "echo 'missing go.sum entry' >&2; exit 1");
  const error = await t.throwsAsync(ensureTool("kwok", { env: { XDG_CACHE_HOME: folder, PATH } }));
  t.regex(
    error.message,
    /^kwok v0\.8\.0: "go build" ended with 1 in .*tools\/cluster\/runtime:\nmissing go\.sum entry$/,
  );
});

test("with neither a download nor Go the error names both remedies", async (t) => {
  const { folder, remove } = await sandbox();
  t.teardown(remove);
  const url = await unreachable();
  const error = await t.throwsAsync(
    ensureTool("helm", { env: { XDG_CACHE_HOME: folder, PATH: folder }, hosts: hosts(url) }),
  );
  t.is(
    error.message,
    `helm v4.3.1: no official binary (${url} is not reachable) and no "go" command on PATH. Either ` +
      "install Go 1.26 or later (https://go.dev/dl), or run once with the network open and keep the " +
      `cache folder (${join(folder, "private-llm/tools")})`,
  );
});

test("two that need the same tool at the same time build it once", async (t) => {
  const { folder, remove } = await sandbox();
  t.teardown(remove);
  const PATH = await fakeGo(
    folder,
    `echo x >> ${folder}/builds; sleep 0.5; while [ "$1" != -o ]; do shift; done; echo built > "$2"`,
  );
  const progress = recordedProgress();
  const options = { env: { XDG_CACHE_HOME: folder, PATH }, progress };
  await Promise.all([ensureTool("kwok", options), ensureTool("kwok", options)]);
  t.is(await readFile(join(folder, "builds"), "utf8"), "x\n");
  t.true(
    progress.steps.includes(`waiting for process ${process.pid}, which is preparing kwok v0.8.0`),
  );
});

test("the lock of a process that died is taken over", async (t) => {
  const { folder, remove } = await sandbox();
  t.teardown(remove);
  const PATH = await fakeGo(folder, `while [ "$1" != -o ]; do shift; done; echo built > "$2"`);
  const env = { XDG_CACHE_HOME: folder, PATH };
  const place = join(toolPath("kwok", env), "..");
  await mkdir(join(place, "unfinished"), { recursive: true });
  await writeFile(join(place, "unfinished", "kwok"), "half");
  await writeFile(
    join(place, "lock"),
    JSON.stringify({ pid: process.pid, started: "another life", token: "t" }),
  );
  t.is(await readFile(await ensureTool("kwok", { env }), "utf8"), "built\n");
  t.deepEqual(await readdir(place), ["kwok"]);
});

test("the cache is private to its owner", async (t) => {
  const { folder, remove } = await sandbox();
  t.teardown(remove);
  const PATH = await fakeGo(folder, `while [ "$1" != -o ]; do shift; done; echo built > "$2"`);
  await ensureTool("kwok", { env: { XDG_CACHE_HOME: folder, PATH } });
  t.is((await stat(join(folder, "private-llm"))).mode & 0o077, 0);
});

test("a sum is read bare or by file name, and never from another file's line", (t) => {
  const sum = "a".repeat(64);
  t.is(findSum(`${sum}\n`, "etcd.tar.gz"), sum);
  t.is(findSum(`${"b".repeat(64)}  x\n${sum} *etcd.tar.gz\n`, "etcd.tar.gz"), sum);
  t.is(findSum(`${sum}  other.tar.gz\n`, "etcd.tar.gz"), undefined);
  t.is(findSum(`${sum}\n${"b".repeat(64)}\n`, "etcd.tar.gz"), undefined);
  t.is(findSum("<html>not found</html>", "etcd.tar.gz"), undefined);
});

test("every tool's version is the one that its module pins", async (t) => {
  for (const tool of Object.values(tools) as readonly Tool[]) {
    const file = join(import.meta.dirname, "../../tools/cluster", tool.module, "go.mod");
    const pinned = (await readFile(file, "utf8"))
      .split("\n")
      .map((line) => line.trim().split(" "))
      .find(
        ([module = "", version]) =>
          module !== "go" && version !== undefined && tool.package.startsWith(module),
      );
    t.is(pinned?.[1], tool.version, tool.name);
  }
});
