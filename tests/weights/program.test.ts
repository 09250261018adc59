import { type ChildProcess, spawn } from "node:child_process";
import { chmod, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { manifestByteLimit } from "../../components/lib/weights/manifest.ts";
import { selfSigned } from "../support/certificate.ts";
import { command, type Ended } from "../support/command.ts";
import { type Hub, startHub, type Trick } from "./support/hub.ts";
import {
  manifestOf,
  revision,
  smallTree,
  type Tree,
  temporaryFolder,
  writeTree,
} from "./support/tree.ts";

const repository = path.join(import.meta.dirname, "..", "..");
const large = "model-00001-of-00001.safetensors";
const tree: Tree = { "config.json": Buffer.from("{}"), [large]: Buffer.alloc(8_000_000, 3) };

async function folderOf(t: ExecutionContext, own: Tree = tree): Promise<string> {
  const folder = await temporaryFolder(t.teardown);
  await writeFile(path.join(folder, "m.json"), JSON.stringify(manifestOf(own)));
  t.teardown(async () => {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) await chmod(path.join(entry.parentPath, entry.name), 0o755);
    }
  });
  return folder;
}

function stageArgs(folder: string, hub: Hub, ...more: readonly string[]): string[] {
  const file = path.join(folder, "m.json");
  return [
    "stage",
    "--manifest",
    file,
    "--source",
    hub.source,
    "--into",
    folder,
    "--folder",
    "model",
    ...more,
  ];
}

function start(args: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
} {
  const child = spawn(process.execPath, [path.join(repository, "weights/main.ts"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout?.on("data", (text: Buffer) => {
    said.stdout += String(text);
  });
  child.stderr?.on("data", (text: Buffer) => {
    said.stderr += String(text);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => resolve({ code, ...said }));
  });
  return { child, ended };
}

/** The first time, sends three quarters of the large file and stalls. */
function stallOnce(): Trick {
  let stalled = false;
  return (request, response, name) => {
    if (name !== large || stalled || request.headers.range !== undefined) return false;
    stalled = true;
    response.writeHead(200, { "content-length": tree[large]?.length ?? 0 });
    response.write(tree[large]?.subarray(0, 6_000_000));
    return true;
  };
}

async function untilPartial(folder: string): Promise<void> {
  const file = path.join(folder, "model", `.staging-${revision}`, `${large}.partial`);
  for (;;) {
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    if (size >= 6_000_000) return;
    await sleep(20);
  }
}

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  test(`a run that ${signal} ends in the middle is gone on with by the next`, async (t) => {
    const hub = await startHub(tree, stallOnce());
    t.teardown(hub.close);
    const folder = await folderOf(t);
    const { child, ended } = start(stageArgs(folder, hub));
    await untilPartial(folder);
    child.kill(signal);
    const end = await ended;
    if (signal === "SIGTERM") {
      t.is(end.code, 1);
      t.regex(end.stderr, /stopped; the next run goes on from here/);
    }
    t.false((await readdir(path.join(folder, "model"))).includes(revision));
    const next = await start(stageArgs(folder, hub)).ended;
    t.is(next.code, 0, next.stderr);
    const asked = hub.requests.filter(({ path: name }) => name.endsWith(large));
    t.is(asked.at(-1)?.headers.range, "bytes=6000000-");
    t.deepEqual(await readFile(path.join(folder, "model", revision, large)), tree[large]);
  });
}

test("a source behind an authority of the site's own is read by way of a proxy", async (t) => {
  const certificate = selfSigned("127.0.0.1");
  const hub = await startHub(tree, undefined, certificate);
  t.teardown(hub.close);
  const folder = await folderOf(t);
  const through: string[] = [];
  const proxy = createServer().on("connect", (request, client) => {
    through.push(request.url ?? "");
    const [host, port] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, "127.0.0.1", resolve);
  });
  t.teardown(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  const address = proxy.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const authority = path.join(folder, "ca.pem");
  const token = path.join(folder, "token");
  await writeFile(authority, certificate.certificate);
  await writeFile(token, "hf_secret\n");
  const untrusted = await start(stageArgs(folder, hub)).ended;
  t.is(untrusted.code, 1);
  t.regex(untrusted.stderr, /self-signed certificate/);
  const args = stageArgs(
    folder,
    hub,
    "--ca-file",
    authority,
    "--token-file",
    token,
    "--proxy",
    `http://127.0.0.1:${port}`,
  );
  const { code, stdout, stderr } = await start(args).ended;
  t.is(code, 0, stderr);
  t.true(through.length > 0 && through.every((asked) => asked === hub.host));
  t.is(hub.requests[0]?.headers.authorization, "Bearer hf_secret");
  t.notRegex(stdout + stderr, /hf_secret/);
});

test("a person verifies a folder by npm's command, from a folder of their own", async (t) => {
  const folder = await folderOf(t, smallTree);
  await writeTree(path.join(folder, "model"), smallTree);
  const args = ["weights", "verify", "--manifest", "m.json", "--folder", "model"];
  const env = { INIT_CWD: folder };
  const right = await command(repository, args, env);
  t.is(right.code, 0, right.stderr);
  t.regex(
    right.stdout,
    /model: is org\/name@[0-9a-f]{40}, 5 files\nread 0\.000 GB in [\d.]+ s, [\d.]+ GB\/s\n/,
  );
  await truncate(path.join(folder, "model", "config.json"), 1);
  const wrong = await command(repository, args, env);
  t.is(wrong.code, 1);
  t.regex(wrong.stderr, /config\.json is truncated/);
});

test("a manifest that never ends is refused without being read to its end", async (t) => {
  const folder = await folderOf(t);
  await truncate(path.join(folder, "m.json"), 2 ** 36);
  const { code, stderr } = await start([
    "verify",
    "--manifest",
    path.join(folder, "m.json"),
    "--folder",
    folder,
  ]).ended;
  t.is(code, 1);
  t.regex(
    stderr,
    new RegExp(`is ${2 ** 36} bytes long, and no manifest of weights exceeds ${manifestByteLimit}`),
  );
});

for (const [what, args, said] of [
  ["no command", [], /unknown command ""/],
  ["an unknown option", ["verify", "--force"], /Unknown option '--force'/],
  ["no folder", ["verify", "--manifest", "m.json"], /--folder is missing/],
  [
    "a folder that leaves the volume",
    ["stage", "--manifest", "m", "--source", "s", "--into", "/", "--folder", "../x"],
    /is no name of one folder/,
  ],
  [
    "a proxy by name",
    [
      "stage",
      "--manifest",
      "m",
      "--source",
      "s",
      "--into",
      "/",
      "--folder",
      "x",
      "--proxy",
      "http://u:hunter2@proxy:3128",
    ],
    /--proxy: is not/,
  ],
] as const) {
  test(`${what} is a usage error`, async (t) => {
    const { code, stderr } = await start(args).ended;
    t.is(code, 2);
    t.regex(stderr, said);
    t.regex(stderr, /usage: verify/);
    t.notRegex(stderr, /hunter2/);
  });
}
