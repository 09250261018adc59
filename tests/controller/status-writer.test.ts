import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import type { GatewayStatus } from "../../components/lib/migration/status.ts";
import { nothingDecided } from "../../controller/decide.ts";
import { StatusWriter } from "../../controller/kubernetes/status-writer.ts";
import { statusOf } from "../../controller/status.ts";

/** A writer before an API server that answers as it is told, and a status that the test changes. */
function site(t: ExecutionContext, answers: readonly number[] = [], delay = 0) {
  const writes: string[] = [];
  const errors: string[] = [];
  const made = { routesVersion: "v1", writes, errors };
  const status = (): GatewayStatus => ({
    ...statusOf(nothingDecided, [], new Date()),
    routesVersion: made.routesVersion,
  });
  const writer = new StatusWriter({
    namespace: "gateway",
    status,
    onError: (reason) => errors.push(reason),
    client: () =>
      Promise.resolve({
        send: async (_method, _path, call) => {
          writes.push(/"routesVersion\\?": \\?"(\w+)/.exec(JSON.stringify(call))?.[1] ?? "?");
          await sleep(delay);
          return { status: answers[writes.length - 1] ?? 200, body: {} };
        },
      }),
  });
  t.teardown(() => writer.end());
  return Object.assign(made, { writer });
}

test("changes that come together are one write, and the same again is none", async (t) => {
  const made = site(t);
  for (let times = 0; times < 5; times++) made.writer.changed();
  await sleep(200);
  made.writer.changed();
  await sleep(200);
  t.deepEqual(made.writes, ["v1"]);
  made.routesVersion = "v2";
  made.writer.changed();
  await sleep(150);
  t.deepEqual(made.writes, ["v1", "v2"]);
});

test("what changes during a write is written after it", async (t) => {
  const made = site(t, [], 200);
  made.writer.changed();
  await sleep(100);
  made.routesVersion = "v2";
  made.writer.changed();
  await sleep(500);
  t.deepEqual(made.writes, ["v1", "v2"]);
});

test("a write that failed is told and done again", async (t) => {
  const made = site(t, [409]);
  made.writer.changed();
  await sleep(1500);
  t.deepEqual(made.writes, ["v1", "v1"]);
  t.deepEqual(made.errors, ["status: the API server answered with HTTP 409"]);
});

test("after its end it writes nothing", async (t) => {
  const made = site(t);
  made.writer.changed();
  await made.writer.end();
  made.writer.changed();
  await sleep(200);
  t.deepEqual(made.writes, []);
});
