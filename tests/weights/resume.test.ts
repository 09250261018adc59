import { lstat, readFile } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { sendFile, type Trick } from "./support/hub.ts";
import { bytes, first, plant, run, siteOf } from "./support/site.ts";

test("what an earlier run left is gone on with from its last byte", async (t) => {
  const site = await siteOf(t);
  await plant(site, `${first}.partial`, bytes.subarray(0, 30_000));
  t.is((await run(site)).fault, "");
  const asked = site.hub.requests.filter(({ path: name }) => name.endsWith(first));
  t.deepEqual(
    asked.map(({ headers }) => headers.range),
    ["bytes=30000-"],
  );
});

test("a whole partial file is not asked for again", async (t) => {
  const site = await siteOf(t);
  await plant(site, `${first}.partial`, bytes);
  t.is((await run(site)).fault, "");
  t.false(site.hub.requests.some(({ path: name }) => name.endsWith(first)));
});

for (const [what, contents] of [
  ["of other contents", Buffer.alloc(30_000, 7)],
  ["of other contents and whole", Buffer.alloc(bytes.length, 7)],
  ["longer than the file", Buffer.alloc(bytes.length + 1, 1)],
] as const) {
  test(`a partial file ${what} is begun anew`, async (t) => {
    const site = await siteOf(t);
    await plant(site, `${first}.partial`, contents);
    t.is((await run(site)).fault, "");
    t.deepEqual(await readFile(path.join(site.target, first)), bytes);
  });
}

test("a source that knows no ranges is read from the beginning", async (t) => {
  const site = await siteOf(t, (request, response, name) => {
    if (name !== first) return false;
    delete request.headers.range;
    sendFile(request, response, bytes);
    return true;
  });
  await plant(site, `${first}.partial`, bytes.subarray(0, 30_000));
  t.is((await run(site)).fault, "");
});

test("a source that refuses a range is read from the beginning", async (t) => {
  const site = await siteOf(t, (request, response, name) => {
    if (name !== first || request.headers.range === undefined) return false;
    response.writeHead(416).end();
    return true;
  });
  await plant(site, `${first}.partial`, bytes.subarray(0, 30_000));
  t.is((await run(site)).fault, "");
});

/** Sends half of the first file, then closes. */
function cutOnce(etag: string | undefined): Trick {
  let cut = false;
  return (_, response, name) => {
    if (name !== first || cut) return false;
    cut = true;
    response.writeHead(200, {
      "content-length": bytes.length,
      ...(etag === undefined ? {} : { etag }),
    });
    response.write(bytes.subarray(0, 20_000), () => setTimeout(() => response.destroy(), 20));
    return true;
  };
}

test("a connection that breaks is made again, and the rest alone is asked for", async (t) => {
  const site = await siteOf(t, cutOnce(undefined));
  t.is((await run(site)).fault, "");
  const [, second] = site.hub.requests.filter(({ path: name }) => name.endsWith(first));
  t.is(second?.headers.range, "bytes=20000-");
});

test("a file that changes at the source between two attempts is begun anew", async (t) => {
  const site = await siteOf(t, cutOnce('"another"'));
  t.is((await run(site)).fault, "");
  const [, second] = site.hub.requests.filter(({ path: name }) => name.endsWith(first));
  t.is(second?.headers["if-range"], '"another"');
});

test("a source that sends the rest of other contents, unasked, is read from the beginning", async (t) => {
  let cut = false;
  const site = await siteOf(t, (request, response, name) => {
    if (name !== first) return false;
    if (cut) {
      delete request.headers["if-range"];
      return false;
    }
    cut = true;
    response.writeHead(200, { "content-length": bytes.length, etag: '"old"' });
    response.write(Buffer.alloc(20_000, 9), () => setTimeout(() => response.destroy(), 20));
    return true;
  });
  t.is((await run(site)).fault, "");
});

test("a whole file that was put among the downloaded ones becomes read-only too", async (t) => {
  const site = await siteOf(t);
  await plant(site, first, bytes);
  t.is((await run(site)).fault, "");
  t.is((await lstat(path.join(site.target, first))).mode & 0o777, 0o444);
});
