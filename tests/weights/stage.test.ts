import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { sendFile, startHub, type Trick } from "./support/hub.ts";
import { bytes, first, isAbsent, manifest, plant, run, siteOf, token } from "./support/site.ts";
import { revision, smallTree, temporaryFolder } from "./support/tree.ts";

test("every file arrives, read-only, and nothing else is left", async (t) => {
  const site = await siteOf(t);
  const { fault, text } = await run(site);
  t.is(fault, "");
  for (const [name, contents] of Object.entries(smallTree)) {
    t.deepEqual(await readFile(path.join(site.target, name)), contents);
    t.is((await lstat(path.join(site.target, name))).mode & 0o777, 0o444, name);
  }
  for (const folder of ["", "original"]) {
    t.is((await lstat(path.join(site.target, folder))).mode & 0o777, 0o555, folder);
  }
  t.deepEqual(await readdir(path.join(site.root, "model")), [revision]);
  t.regex(text, /staged and verified; read 0\.000 GB/);
  t.notRegex(text, /hf_secret/);
});

test("what is there and right is verified, and the source is not asked", async (t) => {
  const site = await siteOf(t);
  await run(site);
  const asked = site.hub.requests.length;
  const { fault, text } = await run(site);
  t.is(fault, "");
  t.regex(text, /verified, nothing to do/);
  t.is(site.hub.requests.length, asked);
});

test("what is there and wrong is named and left alone", async (t) => {
  const site = await siteOf(t);
  await run(site);
  const file = path.join(site.target, first);
  await chmod(file, 0o644);
  await writeFile(file, Buffer.alloc(bytes.length, 9));
  const { fault } = await run(site);
  t.regex(fault, /model-00001-of-00002\.safetensors has other bytes/);
  t.deepEqual(await readFile(file), Buffer.alloc(bytes.length, 9));
});

const bad: readonly [string, Trick, RegExp][] = [
  [
    "sends other bytes",
    (request, response, name) => {
      if (name !== first) return false;
      sendFile(request, response, Buffer.alloc(bytes.length, 9));
      return true;
    },
    /sent other bytes/,
  ],
  [
    "has a shorter file",
    (request, response, name) => {
      if (name !== first) return false;
      sendFile(request, response, bytes.subarray(1));
      return true;
    },
    /has 69999 bytes to send, the manifest leaves 70000/,
  ],
  [
    "sends without end and says no length",
    (_, response, name) => {
      if (name !== first) return false;
      response.writeHead(200);
      response.write(bytes);
      response.write("x");
      return true;
    },
    /sends more than 70000 bytes/,
  ],
  [
    "is busy for ever",
    (_, response, name) => {
      if (name !== first) return false;
      response.writeHead(503).end();
      return true;
    },
    /HTTP 503/,
  ],
  [
    "wants a licence to be accepted",
    (_, response, name) => {
      if (name !== first) return false;
      response.writeHead(401).end(token);
      return true;
    },
    /HTTP 401; accept the model's licence/,
  ],
  [
    "compresses",
    (_, response, name) => {
      if (name !== first) return false;
      response.writeHead(200, { "content-encoding": "gzip" }).end("x");
      return true;
    },
    /comes as gzip/,
  ],
  [
    "sends half and closes, for ever",
    (_, response, name) => {
      if (name !== first) return false;
      response.writeHead(200, { "content-length": bytes.length });
      response.write("x", () => response.destroy());
      return true;
    },
    /model-00001/,
  ],
];
for (const [what, trick, expected] of bad) {
  test(`a source that ${what} is told of by the file, and nothing is put in place`, async (t) => {
    const site = await siteOf(t, trick);
    const { fault, text } = await run(site);
    t.regex(fault, expected);
    t.regex(fault, /^1 of 5 files could not be had:\n {2}model-00001/);
    t.notRegex(text, /hf_secret/);
    t.true(await isAbsent(site.target));
    t.true(site.hub.requests.length < 20);
  });
}

test("all files that could not be had are told of at once", async (t) => {
  const site = await siteOf(t, (_, response) => {
    response.writeHead(404).end();
    return true;
  });
  t.regex((await run(site)).fault, /^4 of 5 files could not be had/);
});

test("a redirect to a host that was not named is not followed, and its secrets are not told", async (t) => {
  const store = await startHub({});
  t.teardown(store.close);
  const site = await siteOf(t, (_, response, name) => {
    if (name !== first) return false;
    response.writeHead(302, { location: `${store.url}/${first}?signature=hf_signed` }).end();
    return true;
  });
  const { fault, text } = await run(site);
  t.regex(fault, /its host was not named; allow it with --host 127/);
  t.notRegex(text, /hf_signed/);
  t.is(store.requests.length, 0);
});

test("the token goes to the host of the source alone", async (t) => {
  const store = await startHub({}, (request, response) => {
    sendFile(request, response, bytes);
    return true;
  });
  t.teardown(store.close);
  const site = await siteOf(t, (_, response, name) => {
    if (name !== first) return false;
    response.writeHead(302, { location: `${store.url}/${first}?signature=x` }).end();
    return true;
  });
  t.is((await run(site, [store.host])).fault, "");
  t.true(site.hub.requests.every(({ headers }) => headers.authorization === `Bearer ${token}`));
  t.is(store.requests.length, 1);
  t.is(store.requests[0]?.headers.authorization, undefined);
});

test("a link in the place of a partial file is not written through", async (t) => {
  const site = await siteOf(t);
  const outside = path.join(site.root, "outside");
  await writeFile(outside, "mine");
  await mkdir(site.staging, { recursive: true });
  await symlink(outside, path.join(site.staging, `${first}.partial`));
  t.not((await run(site)).fault, "");
  t.is(await readFile(outside, "utf8"), "mine");
  t.true(await isAbsent(site.target));
});

for (const place of ["model", `model/.staging-${revision}`]) {
  test(`a link in the place of ${place.slice(0, 14)} is not written through`, async (t) => {
    const site = await siteOf(t);
    const outside = await temporaryFolder(t.teardown);
    await mkdir(path.dirname(path.join(site.root, place)), { recursive: true });
    await symlink(outside, path.join(site.root, place));
    t.not((await run(site)).fault, "");
    t.false((await readdir(outside)).some((name) => name.endsWith(".safetensors")));
    t.true(await isAbsent(site.target));
  });
}

test("what does not belong among the files keeps them from being put in place", async (t) => {
  const site = await siteOf(t);
  await plant(site, "evil.py", Buffer.from("x"));
  t.regex((await run(site)).fault, /evil\.py is a file that the manifest does not list/);
  t.true(await isAbsent(site.target));
});

test("a downloaded file that went bad on the disk goes, and the next run has it again", async (t) => {
  const site = await siteOf(t);
  await plant(site, first, Buffer.alloc(bytes.length, 9));
  t.regex((await run(site)).fault, /has other bytes[^]*are removed; run again/);
  t.is((await run(site)).fault, "");
});

test("a volume without room is told before anything is downloaded", async (t) => {
  const site = await siteOf(t);
  const files = manifest.files.map((file) =>
    file.path === first ? { ...file, bytes: 2 ** 43 } : file,
  );
  t.regex((await run(site, [], { ...manifest, files })).fault, /8796\.\d\d GB are still to come/);
  t.is(site.hub.requests.length, 0);
});

test("a volume that is not there is not made", async (t) => {
  const site = await siteOf(t);
  await rm(site.root, { recursive: true });
  t.regex((await run(site)).fault, /^--into .*: does not exist$/);
  await mkdir(site.root);
});
