import type { RequestListener } from "node:http";
import test from "ava";
import { type Hub, readModelRevision } from "../../lock/model-revision.ts";
import { ReadError } from "../../lock/read-error.ts";
import { revisionOf, startHub } from "./support/hub.ts";
import { startSite } from "./support/site.ts";

const signal = AbortSignal.timeout(60_000);

test("the commit of a model is what the hub names for its main branch", async (t) => {
  const hub = await startHub();
  t.teardown(hub.close);
  t.is(await readModelRevision({ url: hub.url }, "org/model", signal), revisionOf("org/model"));
  t.is(hub.requests[0]?.headers.authorization, undefined);
});

test("a token is sent to the hub", async (t) => {
  const hub = await startHub();
  t.teardown(hub.close);
  await readModelRevision({ url: hub.url, token: "hf_secret" }, "org/model", signal);
  t.is(hub.requests[0]?.headers.authorization, "Bearer hf_secret");
});

test("a gated model says how to get at it, and never shows the token", async (t) => {
  const { url, error } = await failing(t.teardown, {}, (_, response) => {
    response.writeHead(401).end();
  });
  t.is(error.message, `${url}/api/models/org/model/revision/main: HTTP 401`);
  t.is(error.remedy, `accept the licence at ${url}/org/model, make a read token and set HF_TOKEN`);
  const denied = await failing(t.teardown, { token: "hf_secret" }, (_, response) => {
    response.writeHead(403).end("hf_secret");
  });
  t.notRegex(denied.error.message + denied.error.remedy, /hf_secret/);
});

test("a token that is no header value is refused without showing it", async (t) => {
  const { error } = await failing(t.teardown, { token: "hf_secret\nx" }, () => t.fail());
  t.is(error.message, "HF_TOKEN: holds a space, a line break or a letter outside ASCII");
});

test("a commit of the wrong length is refused", async (t) => {
  const { url, error } = await failing(t.teardown, {}, (_, response) => {
    response.end(JSON.stringify({ id: "org/model", sha: "c".repeat(39) }));
  });
  t.is(
    error.message,
    `${url}/api/models/org/model/revision/main: the answer holds no name and commit of 40 hexadecimal digits`,
  );
});

test("an answer for another repository is refused", async (t) => {
  const { url, error } = await failing(t.teardown, {}, (_, response) => {
    response.end(JSON.stringify({ id: "evil/model", sha: "c".repeat(40) }));
  });
  t.is(error.message, `${url}/api/models/org/model/revision/main: answers for "evil/model"`);
});

test("a hub without encryption on another machine is not asked", async (t) => {
  const error = await t.throwsAsync(
    readModelRevision({ url: "http://hub.example" }, "org/model", signal),
    { instanceOf: ReadError },
  );
  t.is(error.message, "http://hub.example/api/models/org/model/revision/main: is not encrypted");
});

async function failing(
  teardown: (close: () => Promise<void>) => void,
  hub: Pick<Hub, "token">,
  answer: RequestListener,
): Promise<{ readonly url: string; readonly error: ReadError }> {
  const { url, close } = await startSite(answer);
  teardown(close);
  try {
    await readModelRevision({ url, ...hub }, "org/model", signal);
  } catch (error) {
    if (error instanceof ReadError) return { url, error };
    throw error;
  }
  throw new Error("nothing was refused");
}
