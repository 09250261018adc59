import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { eventually } from "../gateway/support/eventually.ts";
import { type Plane, startPlane } from "../gateway/support/plane.ts";
import { type Client, client, type Outcome } from "./support/client.ts";
import { engineOf } from "./support/counts.ts";
import { type Drive, drive } from "./support/drive.ts";
import { inForce } from "./support/in-force.ts";

/**
 * From the model of one's own to the provider and back, as `traffic rollback` does it: by the routes that the
 * proxies poll. The provider takes its time for a stream, so that many are under way at each flip.
 */
let plane: Plane;
let chat: Client;

test.before(async () => {
  plane = await startPlane();
  chat = client(plane.open, "key-chat", 500);
  await flip(100);
  await eventually(
    () => chat.send(),
    ({ by }) => by === "engine-large",
  );
});
test.after.always(async () => {
  chat.close();
  await plane.stop();
});

async function flip(own: number): Promise<void> {
  plane.share({ chat: { own, openai: 100 - own }, summary: { own: 100, azure: 0 } });
  await inForce(plane.open, "chat", own);
}

const question = { model: "house-model", messages: [{ role: "user", content: "Hello" }] };
const plain = JSON.stringify({ ...question, max_tokens: 20 });
const stream = JSON.stringify({ ...question, max_tokens: 32, stream: true });

async function underWay(): Promise<number> {
  const provider = plane.providers.get("openai");
  const { running = 0 } = (await provider?.state()) ?? {};
  return running + (await engineOf(plane, "large").state()).running;
}

const isWhole = ({ status, error, text }: Outcome) =>
  status === 200 &&
  error === undefined &&
  (!text.startsWith("data:") || text.endsWith("data: [DONE]\n\n"));

/** Milliseconds from the command until the last new request of a client that the old backend answered. */
async function flipUnder(drives: readonly Drive[], own: number, old: string): Promise<number> {
  const at = performance.now();
  await flip(own);
  // Until what began before the flip has ended, too.
  await sleep(3_000);
  const late = drives
    .flatMap(({ outcomes }) => outcomes)
    .filter(({ by, startedAt }) => by === old && startedAt > at)
    .map(({ startedAt }) => startedAt - at);
  return Math.max(0, ...late);
}

test("a rollback under load fails no request and breaks no stream", async (t) => {
  await flip(0);
  const drives = [drive(chat, 40, stream), drive(chat, 40, plain)];
  for (let round = 0; round < 3; round++) {
    const running = await eventually(underWay, (count) => count >= 50);
    t.true(running >= 50, `${running} under way`);
    const back = await flipUnder(drives, 100, "provider-openai");
    const forth = await flipUnder(drives, 0, "engine-large");
    t.log(`${running} under way; last new request at the provider after ${back.toFixed(0)} ms,`);
    t.log(`and at the engine after ${forth.toFixed(0)} ms when it was turned again`);
    t.true(back < 2_000, `${back} ms`);
    t.true(forth < 2_000, `${forth} ms`);
  }
  const all = (await Promise.all(drives.map((each) => each.stop()))).flat();
  t.log(`${all.length} requests, half of them streams`);
  t.deepEqual(
    all.filter((one) => !isWhole(one)),
    [],
  );
  const streams = all.filter(({ text }) => text.startsWith("data:"));
  t.true(streams.length > all.length / 3);
  t.deepEqual(new Set(all.map(({ by }) => by)), new Set(["provider-openai", "engine-large"]));
});
