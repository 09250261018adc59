import { connect } from "node:net";
import test, { type ExecutionContext } from "ava";
import { ports } from "../../components/gateway/names.ts";
import { shortChat } from "../gateway/support/call.ts";
import { eventually } from "../gateway/support/eventually.ts";
import { type Plane, startPlane } from "../gateway/support/plane.ts";
import { client } from "./support/client.ts";
import { engineOf, resetCounters } from "./support/counts.ts";
import {
  forgedClass,
  hidden,
  lengths,
  lines,
  sizes,
  steering,
  upgrades,
} from "./support/door-bytes.ts";
import {
  foreignTargets,
  otherEndpoints,
  otherSpellings,
  pathTricks,
} from "./support/door-targets.ts";
import { inForce } from "./support/in-force.ts";
import { openRaw, type RawAnswer, sendRaw } from "./support/raw.ts";
import { goodLength, type Parts, rawRequest } from "./support/raw-request.ts";

/** Byte for byte over TLS, with a key that is good: the worst that may knock is somebody who may enter. */
let plane: Plane;
const doors = { open: "key-chat", closed: "key-tickets" } as const;
type Door = keyof typeof doors;

test.before(async () => {
  plane = await startPlane();
  plane.share({ chat: { own: 100, openai: 0 }, summary: { own: 0, azure: 100 } });
  await inForce(plane.open, "chat", 100);
  for (const door of ["open", "closed"] as const) {
    const from = client(plane[door], doors[door]);
    await eventually(
      () => from.send(),
      ({ status }) => status === 200,
    );
    from.close();
  }
});
test.after.always(() => plane.stop());
test.beforeEach(() => resetCounters(plane));

const knock = (door: Door, parts: Parts): Promise<RawAnswer> =>
  sendRaw(plane[door], rawRequest(doors[door], parts));

/** Requests of clients at all simulators by path; a check of health is none, and has a path of its own. */
async function arrived(): Promise<Readonly<Record<string, number>>> {
  const all: Record<string, number> = {};
  for (const each of [...plane.engines.values(), ...plane.providers.values()]) {
    for (const [path, count] of Object.entries((await each.state()).byPath)) {
      if (path !== "/v1/completions") all[path] = (all[path] ?? 0) + count;
    }
  }
  return all;
}

type Knocks = Readonly<Record<string, readonly [status: number, parts: Parts]>>;

/** All at once: most of each attempt's time is silence. */
async function isRefused(t: ExecutionContext, door: Door, knocks: Knocks): Promise<void> {
  const got = await Promise.all(
    Object.entries(knocks).map(async ([name, [, parts]]) => {
      const { statuses } = await knock(door, parts);
      return [name, statuses] as const;
    }),
  );
  const expected = Object.entries(knocks).map(([name, [status]]) => [name, [status]]);
  t.deepEqual(Object.fromEntries(got), Object.fromEntries(expected));
  t.deepEqual(await arrived(), {});
}

function lineKnocks(statuses: Readonly<Record<string, number>>, line: (word: string) => string) {
  return Object.fromEntries(
    Object.entries(statuses).map(
      ([word, status]) => [word, [status, { first: line(word) }]] as const,
    ),
  );
}

const refused: Readonly<Record<string, Knocks>> = {
  "a foreign target, by CONNECT or an absolute address, is refused": lineKnocks(
    foreignTargets,
    (line) => line,
  ),
  "a trick with the path leads nowhere": lineKnocks(pathTricks, (path) => `POST ${path} HTTP/1.1`),
  "no other endpoint of an engine or a proxy is there by POST": lineKnocks(
    Object.fromEntries(otherEndpoints.map((path) => [path, 404])),
    (path) => `POST ${path} HTTP/1.1`,
  ),
  "no other endpoint of an engine or a proxy is there by GET": lineKnocks(
    Object.fromEntries(otherEndpoints.map((path) => [path, 404])),
    (path) => `GET ${path} HTTP/1.1`,
  ),
  "a request whose length may be read in two ways is refused": lengths,
  "a header that may be read in two ways is refused": lines,
  "nothing becomes another protocol": upgrades,
  "what is too large is refused": sizes,
};

for (const door of ["open", "closed"] as const) {
  for (const [title, knocks] of Object.entries(refused)) {
    test.serial(`${door}: ${title}`, (t) => isRefused(t, door, knocks));
  }

  test.serial(`${door}: other spellings of a path arrive as the plain one`, async (t) => {
    const got = await Promise.all(
      otherSpellings.map((path) => knock(door, { first: `POST ${path} HTTP/1.1` })),
    );
    t.deepEqual(
      got.map(({ statuses }) => statuses),
      otherSpellings.map(() => [200]),
    );
    t.deepEqual(await arrived(), { "/v1/chat/completions": otherSpellings.length });
  });

  test.serial(`${door}: a request hidden in a body is part of the body`, async (t) => {
    const { statuses } = await knock(door, { body: hidden });
    t.deepEqual(statuses, [400], "the engine's own word: that is no JSON");
    t.deepEqual(await arrived(), { "/v1/chat/completions": 1 });
  });

  test.serial(`${door}: a request behind a body is a request of its own`, async (t) => {
    const { statuses } = await sendRaw(plane[door], `${rawRequest(doors[door])}${hidden}`, 1_000);
    t.deepEqual(statuses, [200, 404]);
    t.deepEqual(await arrived(), { "/v1/chat/completions": 1 });
  });

  test.serial(`${door}: no header of a client steers anything or gets through`, async (t) => {
    const { statuses, text } = await knock(door, { headers: [goodLength, ...steering] });
    t.deepEqual(statuses, [200]);
    t.regex(text, /x-simulator: engine-large/);
    const seen = (await engineOf(plane, "large").last()).find(({ path }) => path.includes("chat"));
    const { authorization, ...others } = seen?.headers ?? {};
    t.truthy(authorization);
    t.deepEqual(others, {
      host: "gateway.test",
      "content-type": "application/json",
      "content-length": String(shortChat.length),
      "x-forwarded-proto": "https",
      "x-request-id": others["x-request-id"],
    });
    t.not(others["x-request-id"], "forged");
  });

  test.serial(`${door}: a key of no class stays one, whatever its client says`, async (t) => {
    const got = await Promise.all(
      forgedClass.map((line) =>
        sendRaw(plane[door], rawRequest("key-nowhere", { headers: [goodLength, line] })),
      ),
    );
    t.deepEqual(
      got.map(({ statuses }) => statuses),
      forgedClass.map(() => [400]),
    );
    t.deepEqual(await arrived(), {});
  });

  test.serial(`${door}: a foreign host leads to the class's own backend`, async (t) => {
    for (const host of ["api.openai.com", "127.0.0.1:9901", "user@api.openai.com"]) {
      const { text } = await knock(door, { host });
      t.regex(text, /x-simulator: engine-large/, host);
    }
    t.deepEqual(await arrived(), { "/v1/chat/completions": 3 });
  });
}

test.serial("clients that never finish are let go, and hinder nobody", async (t) => {
  const started = performance.now();
  const slow = Array.from({ length: 50 }, () => slowClient(started));
  const silent = Array.from({ length: 20 }, () => silentClient(started));
  const from = client(plane.open, "key-chat");
  t.teardown(() => from.close());
  while (performance.now() - started < 5_000) t.is((await from.send()).status, 200);
  const [headers, handshakes] = [await Promise.all(slow), await Promise.all(silent)];
  for (const milliseconds of [...headers, ...handshakes]) {
    t.true(milliseconds > 5_000 && milliseconds < 14_000, `${milliseconds} ms`);
  }
  t.log(`let go after ${(Math.max(...headers) / 1000).toFixed(1)} s without headers`);
  t.log(`let go after ${(Math.max(...handshakes) / 1000).toFixed(1)} s without a handshake`);
});

/** A byte a quarter of a second, and never a whole header. @returns milliseconds until it was let go */
async function slowClient(started: number): Promise<number> {
  const socket = await openRaw(plane.open);
  const bytes = rawRequest("key-chat");
  let sent = 0;
  const timer = setInterval(() => socket.write(bytes[sent++] ?? ""), 250);
  return new Promise((resolve) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", () => undefined);
    socket.on("close", () => {
      clearInterval(timer);
      resolve(performance.now() - started);
    });
  });
}

/** Opens a connection and never begins TLS. */
function silentClient(started: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(plane.open.port(ports.clients), "127.0.0.1");
    socket.on("error", () => socket.destroy());
    socket.on("data", () => undefined);
    socket.on("close", () => resolve(performance.now() - started));
  });
}
