import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { parseWeightsLock, pinnedManifest } from "../../infra/weights-lock.ts";
import type { Hub } from "../../lock/model-revision.ts";
import { ReadError } from "../../lock/read-error.ts";
import { templateIn } from "../../lock/weights/chat-template.ts";
import { type ReadManifest, readManifestOf } from "../../lock/weights/model-manifest.ts";
import { runWeightsLock } from "../../lock/weights/run-weights-lock.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { startSite } from "./support/site.ts";

const revision = "c".repeat(40);
const checkpoint = {
  repository: "org/model",
  revision,
  quantisation: "bf16",
  licence: "Of the catalogue",
} as const;
const signal = new AbortController().signal;

const large = "model-00001-of-00001.safetensors";
const small: Readonly<Record<string, string>> = {
  "config.json": '{"model_type":"llama"}',
  "tokenizer_config.json": '{"chat_template":"{{ messages }}"}',
  "modeling_llama.py": "import os",
  ".gitattributes": "x",
  "README.md": "# model",
};

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("hex");

function blob(name: string, text: string) {
  const oid = hash("sha1", `blob ${Buffer.byteLength(text)}\0${text}`);
  return { type: "file", path: name, size: Buffer.byteLength(text), oid };
}

const listing = [
  { type: "directory", path: "original", size: 0, oid: "0".repeat(40) },
  ...Object.entries(small).map(([name, text]) => blob(name, text)),
  { ...blob(large, "pointer"), size: 5e9, lfs: { oid: hash("sha256", "weights"), size: 5e9 } },
  { ...blob("pytorch_model.bin", "p"), lfs: { oid: hash("sha256", "pickle"), size: 9 } },
];

type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A hub whose list comes in two pages. */
async function hubOf(t: ExecutionContext, trick: Answer = () => false): Promise<Hub> {
  const site = await startSite((request, response) => {
    if (trick(request, response)) return;
    const url = new URL(request.url ?? "", "http://hub");
    const tree = `/api/models/org/model/tree/${revision}`;
    const text = small[url.pathname.replace(`/org/model/resolve/${revision}/`, "")];
    if (url.pathname === `/api/models/org/model/revision/${revision}`) {
      response.end(JSON.stringify({ cardData: { license: "llama3" } }));
    } else if (url.pathname === tree && url.searchParams.get("recursive") === "true") {
      const second = url.searchParams.has("cursor");
      if (!second) response.setHeader("link", `<${tree}?recursive=true&cursor=2>; rel="next"`);
      response.end(JSON.stringify(second ? listing.slice(3) : listing.slice(0, 3)));
    } else if (text === undefined) response.writeHead(404).end();
    else response.end(text);
  });
  t.teardown(site.close);
  return { url: site.url, token: undefined };
}

async function read(t: ExecutionContext, trick?: Answer): Promise<ReadManifest> {
  return readManifestOf(await hubOf(t, trick), checkpoint, signal);
}

async function refusal(t: ExecutionContext, trick: Answer): Promise<string> {
  const error = await t.throwsAsync(read(t, trick), { instanceOf: ReadError });
  return error?.message ?? "";
}

/** Answers one path. */
function at(place: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (request, response) => {
    if (request.url?.split("?")[0] !== place) return false;
    response.writeHead(200, headers).end(typeof body === "string" ? body : JSON.stringify(body));
    return true;
  };
}

const tree = `/api/models/org/model/tree/${revision}`;

test("a manifest holds what an engine loads, and says what it leaves out", async (t) => {
  const { manifest, leftOut } = await read(t);
  t.deepEqual(manifest, {
    schema: 1,
    repository: "org/model",
    revision,
    licence: "llama3",
    quantisation: "bf16",
    chatTemplate: { file: "tokenizer_config.json", sha256: hash("sha256", "{{ messages }}") },
    files: [
      { path: "config.json", bytes: 22, sha256: hash("sha256", '{"model_type":"llama"}') },
      { path: large, bytes: 5e9, sha256: hash("sha256", "weights") },
      {
        path: "tokenizer_config.json",
        bytes: 34,
        sha256: hash("sha256", small["tokenizer_config.json"] ?? ""),
      },
    ],
  });
  t.deepEqual(leftOut, [".gitattributes", "README.md", "modeling_llama.py", "pytorch_model.bin"]);
});

test("the licence is the one of the card, by its own name where it is another, else the catalogue's", async (t) => {
  const place = `/api/models/org/model/revision/${revision}`;
  const other = at(place, { cardData: { license: "other", license_name: "llama3.3" } });
  t.is((await read(t, other)).manifest.licence, "llama3.3");
  t.is((await read(t, at(place, {}))).manifest.licence, "Of the catalogue");
});

test("a file that is not the one in the list is refused", async (t) => {
  const place = `/org/model/resolve/${revision}/config.json`;
  t.regex(
    await refusal(t, at(place, '{"model_type":"evil!"}')),
    /config\.json: is not what the hub lists/,
  );
  t.regex(
    await refusal(t, at(place, "x".repeat(5_000_000))),
    /is not what the hub lists: 23 bytes/,
  );
});

test("a checkpoint without safetensors is refused", async (t) => {
  const pickles = listing.filter(({ path: name }) => name !== large);
  t.regex(await refusal(t, at(tree, pickles)), /holds no safetensors/);
});

test("a list of another shape, one that leads elsewhere and one without end are refused", async (t) => {
  t.regex(await refusal(t, at(tree, "<html>")), /answers no list of files/);
  t.regex(await refusal(t, at(tree, [{ ...listing[1], oid: "x" }])), /answers no list of files/);
  const elsewhere = { link: '<https://evil.example/>; rel="next"' };
  t.regex(await refusal(t, at(tree, listing, elsewhere)), /goes on at "https:\/\/evil/);
  const again = { link: `<${tree}>; rel="next"` };
  t.regex(await refusal(t, at(tree, [], again)), /more than 50 pages/);
});

test("a path that leaves the folder is refused", async (t) => {
  const outside = { ...listing.find(({ path: name }) => name === large), path: "a/../../x.json" };
  t.regex(await refusal(t, at(tree, [...listing, outside])), /is not a relative path/);
});

test("of several chat templates the default counts, and a file without one has none", (t) => {
  const several = {
    chat_template: [
      { name: "tool", template: "a" },
      { name: "default", template: "b" },
    ],
  };
  t.is(templateIn("tokenizer_config.json", JSON.stringify(several)), "b");
  t.is(templateIn("tokenizer_config.json", "{}"), undefined);
  t.is(templateIn("chat_template.jinja", "c"), "c");
});

async function lockFile(t: ExecutionContext, hub: Hub, mode: "check" | "whole" | "partial") {
  const folder = await temporaryFolder(t, {});
  const file = path.join(folder, "weights.lock.json");
  const lines: string[] = [];
  const run = () =>
    runWeightsLock({
      checkpoints: [checkpoint],
      hub,
      file,
      fallback: file,
      mode,
      signal,
      say: (line) => lines.push(line),
    });
  return { file, run, lines };
}

test("the lock is written, says what was left out, and a second run changes nothing", async (t) => {
  const { file, run, lines } = await lockFile(t, await hubOf(t), "whole");
  t.deepEqual(await run(), { different: [`org/model@${revision}`], failures: [] });
  const text = await readFile(file, "utf8");
  t.is(pinnedManifest("org/model", revision, parseWeightsLock(text, file)).files.length, 3);
  t.true(lines.some((line) => line.includes("left out: .gitattributes")));
  t.deepEqual(await run(), { different: [], failures: [] });
  t.is(await readFile(file, "utf8"), text);
});

test("an example is replaced, and models that nothing serves leave the lock", async (t) => {
  const { file, run } = await lockFile(t, await hubOf(t), "whole");
  const { manifest } = await read(t);
  const gone = { ...manifest, repository: "org/gone" };
  const before = {
    [`org/gone@${revision}`]: { manifest: gone },
    [`org/model@${revision}`]: { example: true, manifest },
  };
  await writeFile(file, JSON.stringify(before));
  t.is((await run()).different.length, 2);
  t.deepEqual(JSON.parse(await readFile(file, "utf8")), {
    [`org/model@${revision}`]: { manifest },
  });
});

test("check writes nothing, and neither does a run in which something failed", async (t) => {
  const check = await lockFile(t, await hubOf(t), "check");
  t.is((await check.run()).different.length, 1);
  await t.throwsAsync(readFile(check.file), { code: "ENOENT" });
  const denied = await hubOf(t, (_, response) => {
    response.writeHead(401).end();
    return true;
  });
  const whole = await lockFile(t, denied, "whole");
  t.regex((await whole.run()).failures[0] ?? "", /org\/model@c+\n.*HTTP 401\n.*accept the licence/);
  await t.throwsAsync(readFile(whole.file), { code: "ENOENT" });
});
