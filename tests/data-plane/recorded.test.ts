import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { silentProgress } from "../../tools/cluster/progress.ts";
import {
  endServices,
  ensureServices,
  type RecordedService,
  runningServices,
} from "../../tools/data-plane/recorded.ts";
import { temporaryFolder } from "../support/temporary.ts";

let folder: string;
const records = () => path.join(folder, "records");

test.afterEach.always(async () => {
  await endServices(records());
});

function waiting(name: string, state = "1"): RecordedService {
  return {
    name,
    program: process.execPath,
    args: ["-e", "setTimeout(() => {}, 60000)"],
    log: path.join(folder, `${name}.log`),
    state,
    isReady: async () => {
      await sleep(1);
      return true;
    },
  };
}

const ensure = (services: readonly RecordedService[]) =>
  ensureServices(records(), services, silentProgress);
const pids = async () =>
  Object.fromEntries((await runningServices(records())).map(({ name, pid }) => [name, pid]));

test("what runs as wanted stays, and what changed is started again", async (t) => {
  folder = await temporaryFolder(t);
  t.deepEqual(await ensure([waiting("a"), waiting("b")]), ["a", "b"]);
  const before = await pids();
  t.deepEqual(await ensure([waiting("a"), waiting("b", "2")]), ["b"]);
  const after = await pids();
  t.is(after["a"], before["a"]);
  t.not(after["b"], before["b"]);
});

test("what is wanted no more ends", async (t) => {
  folder = await temporaryFolder(t);
  await ensure([waiting("a"), waiting("b")]);
  t.deepEqual(await ensure([waiting("b")]), []);
  t.deepEqual(Object.keys(await pids()), ["b"]);
});

test("what died is started again", async (t) => {
  folder = await temporaryFolder(t);
  await ensure([waiting("a")]);
  const { a } = await pids();
  if (a !== undefined) process.kill(a, "SIGKILL");
  await sleep(200);
  t.deepEqual(await ensure([waiting("a")]), ["a"]);
});

test("ending names those that ran and leaves nothing", async (t) => {
  folder = await temporaryFolder(t);
  await ensure([waiting("a"), waiting("b")]);
  t.deepEqual((await endServices(records())).toSorted(), ["a", "b"]);
  t.deepEqual(await pids(), {});
  t.deepEqual(await endServices(records()), []);
});
