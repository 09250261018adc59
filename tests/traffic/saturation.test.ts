import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { ports } from "../../components/gateway/names.ts";
import { eventually } from "../gateway/support/eventually.ts";
import { goodPlan } from "../gateway/support/plan.ts";
import { type Plane, startPlane } from "../gateway/support/plane.ts";
import { client } from "./support/client.ts";
import { atProviders, resetCounters } from "./support/counts.ts";
import { drive } from "./support/drive.ts";
import { inForce } from "./support/in-force.ts";

/** Five minutes are the promise; a part of them is what every run of the tests can spare. */
const seconds = process.env["PRIVATE_LLM_LONG_TESTS"] === "1" ? 300 : 45;
const plan = { ...goodPlan, health: { intervalSeconds: 1, timeoutSeconds: 2 } };
let plane: Plane;

test.before(async () => {
  plane = await startPlane(plan);
  plane.share({ chat: { own: 100, openai: 0 }, summary: { own: 100, azure: 0 } });
  await inForce(plane.open, "summary", 100);
});
test.after.always(() => plane.stop());

/** Servers that a proxy has taken out, for whatever reason. */
async function takenOut(proxy: Plane["open"]): Promise<number> {
  const url = `http://127.0.0.1:${proxy.port(ports.admin)}/clusters?format=json`;
  const text = await (await fetch(url)).text();
  return (text.match(/"failed_(?:active_health_check|outlier_check)":\s*true/g) ?? []).length;
}

test.serial(`a queue that is full for ${seconds} s takes no server out`, async (t) => {
  t.timeout((seconds + 60) * 1000);
  const chat = client(plane.open, "key-chat");
  const contracts = client(plane.closed, "key-contracts");
  const all = [chat, contracts];
  t.teardown(() => {
    for (const each of all) each.close();
  });
  for (const each of all) {
    await eventually(
      () => each.send(),
      ({ by }) => by?.startsWith("engine-") === true,
    );
  }
  await resetCounters(plane);
  for (const engine of plane.engines.values()) await engine.fault({ kind: "full" });
  const drives = all.map((each) => drive(each, 100));
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    t.deepEqual([await takenOut(plane.open), await takenOut(plane.closed)], [0, 0]);
    await sleep(1_000);
  }
  const [outside = [], inside = []] = await Promise.all(drives.map(({ stop }) => stop()));
  for (const { status, by } of outside) t.deepEqual([status, by], [200, "provider-openai"]);
  // The engine's own word, to the last request: it was asked all the time.
  for (const { status, by } of inside) t.deepEqual([status, by], [503, "engine-small"]);
  t.is(await atProviders(plane), outside.length);
  t.log(`${outside.length} requests answered outside, ${inside.length} of a closed class refused`);
  for (const engine of plane.engines.values()) await engine.fault({ kind: "none" });
  for (const each of all) {
    const { status, by } = await each.send();
    t.is(status, 200);
    t.true(by?.startsWith("engine-"), "nobody has to wait for a server that was never out");
  }
});
