import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { exists } from "../../tools/cluster/lib/files.ts";
import { identify, isAlive } from "../../tools/cluster/lib/process-identity.ts";
import type { Service } from "../../tools/data-plane/process.ts";
import {
  observeDetached,
  startAttached,
  startDetached,
  stopDetached,
} from "../../tools/data-plane/process.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** A service that is a shell script; ready once its log says so. */
function scripted(folder: string, script: string, timeout = 10_000): Service {
  const log = join(folder, "logs/service.log");
  return {
    name: "service",
    program: "/bin/sh",
    args: ["-c", script],
    log,
    timeout,
    isReady: async () => (await readFile(log, "utf8")).includes("ready"),
  };
}

const forever = "while true; do sleep 0.1; done";

test("an attached service is waited for, runs, and ends by SIGTERM", async (t) => {
  const folder = await temporaryFolder(t);
  const script = `trap 'echo polite; exit 0' TERM; sleep 0.3; echo ready; ${forever}`;
  const service = await startAttached(scripted(folder, script));
  t.true(service.isRunning());
  await service.stop();
  t.false(service.isRunning());
  t.is(await readFile(join(folder, "logs/service.log"), "utf8"), "ready\npolite\n");
  await t.notThrowsAsync(service.stop());
});

test("a service that ignores SIGTERM ends by SIGKILL after the grace", async (t) => {
  const folder = await temporaryFolder(t);
  const service = await startAttached(scripted(folder, `trap '' TERM; echo ready; ${forever}`));
  const started = Date.now();
  await service.stop(300);
  t.true(Date.now() - started >= 300);
  t.false(service.isRunning());
});

test("a service that dies is an error with its exit code and the end of its log", async (t) => {
  const folder = await temporaryFolder(t);
  const script = "for i in 1 2 3 4 5 6 7 8 9 10; do echo line $i; done; exit 3";
  const error = await t.throwsAsync(startAttached(scripted(folder, script)));
  const lines = [3, 4, 5, 6, 7, 8, 9, 10].map((i) => `  line ${i}`).join("\n");
  t.is(error.message, `service ended with 3; the end of ${folder}/logs/service.log:\n${lines}`);
});

test("a service that is not ready in time is ended, and the error says what was last seen", async (t) => {
  const folder = await temporaryFolder(t);
  const error = await t.throwsAsync(
    startAttached({
      ...scripted(folder, `echo $$; ${forever}`, 500),
      isReady: () => Promise.reject(new Error("no answer")),
    }),
  );
  t.regex(
    error.message,
    /^service is not ready after 0\.5 s; last: no answer; the end of .*\n {2}\d+$/,
  );
  t.is(identify(Number(error.message.split("\n")[1])), undefined);
});

test("an answer that never comes does not hold up the end of the wait, and is aborted", async (t) => {
  const folder = await temporaryFolder(t);
  let aborted = false;
  const isReady = (signal: AbortSignal) => {
    signal.addEventListener("abort", () => {
      aborted = true;
    });
    return new Promise<never>(() => {});
  };
  const service = { ...scripted(folder, "sleep 0.2; exit 1"), isReady };
  const started = Date.now();
  await t.throwsAsync(startAttached(service), { message: /^service ended with 1;/ });
  t.true(Date.now() - started < 5_000);
  t.true(aborted);
});

test("an answer by somebody else counts for nothing once the service is dead", async (t) => {
  const folder = await temporaryFolder(t);
  const isReady = async () => {
    await sleep(500);
    return true;
  };
  const service = { ...scripted(folder, "exit 1"), isReady };
  await t.throwsAsync(startAttached(service), { message: /^service ended with 1;/ });
});

test("a program that is not there is named", async (t) => {
  const folder = await temporaryFolder(t);
  const service = { ...scripted(folder, ""), program: join(folder, "absent") };
  await t.throwsAsync(startAttached(service), {
    message: new RegExp(`^service: ${folder}/absent cannot be run: Error: ENOENT`),
  });
});

test("only the variables that were asked for reach a service", async (t) => {
  const folder = await temporaryFolder(t);
  process.env["PRIVATE_LLM_TEST_TOKEN"] = "not for others";
  t.teardown(() => {
    delete process.env["PRIVATE_LLM_TEST_TOKEN"];
  });
  const script = `env | grep -c PRIVATE_LLM_TEST_TOKEN; echo $COLOUR; echo ready; ${forever}`;
  const service = await startAttached({ ...scripted(folder, script), env: { COLOUR: "green" } });
  await service.stop();
  t.is(await readFile(join(folder, "logs/service.log"), "utf8"), "0\ngreen\nready\n");
});

/** Another process that starts an attached service and then does as the last line says. */
async function parent(folder: string, last: string): Promise<number> {
  const module = join(import.meta.dirname, "../../tools/data-plane/process.ts");
  const script = `echo $$; echo ready; ${forever}`;
  const code = `
    import { readFile } from "node:fs/promises";
    import { startAttached } from ${JSON.stringify(module)};
    const log = ${JSON.stringify(join(folder, "logs/service.log"))};
    await startAttached({ name: "service", program: "/bin/sh", args: ["-c", ${JSON.stringify(script)}], log,
      isReady: async () => (await readFile(log, "utf8")).includes("ready") });
    ${last}`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", code], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  await once(child, "exit");
  return Number((await readFile(join(folder, "logs/service.log"), "utf8")).split("\n")[0]);
}

/** Signals arrive when the system finds the time. */
async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 40 && identify(pid) !== undefined; i++) await sleep(50);
  return identify(pid) === undefined;
}

test("an attached service keeps nobody waiting and ends with the process that started it", async (t) => {
  const pid = await parent(await temporaryFolder(t), "");
  t.true(pid > 0);
  t.true(await isGone(pid));
});

const withSetpriv = existsSync("/usr/bin/setpriv") ? test : test.skip;

withSetpriv(
  "an attached service ends also where its parent is killed (needs setpriv)",
  async (t) => {
    const pid = await parent(await temporaryFolder(t), 'process.kill(process.pid, "SIGKILL");');
    t.true(pid > 0);
    t.true(await isGone(pid));
  },
);

test("a detached service outlives its starter's handle and is ended by its record", async (t) => {
  const folder = await temporaryFolder(t);
  const record = join(folder, "run/service.json");
  t.teardown(() => stopDetached(record));
  const service = scripted(folder, `echo ready; ${forever}`);
  const identity = await startDetached(service, record);
  t.deepEqual(await observeDetached(record), { state: "running", identity });
  await t.throwsAsync(startDetached(service, record), {
    message: `service runs already, as process ${identity.pid}; stop it first`,
  });
  await stopDetached(record);
  t.false(isAlive(identity));
  t.deepEqual(await observeDetached(record), { state: "stopped" });
});

test("a record whose pid belongs to another process by now ends nobody", async (t) => {
  const folder = await temporaryFolder(t);
  const bystander = await startAttached(scripted(folder, `echo ready; ${forever}`));
  t.teardown(() => bystander.stop());
  const { pid } = bystander.identity;
  const stale = await temporaryFolder(t, {
    "service.json": JSON.stringify({ pid, started: "another life" }),
  });
  const record = join(stale, "service.json");
  t.deepEqual((await observeDetached(record)).state, "dead");
  await stopDetached(record);
  t.true(bystander.isRunning());
});

test("a detached service that fails leaves no record", async (t) => {
  const folder = await temporaryFolder(t);
  const record = join(folder, "service.json");
  await t.throwsAsync(startDetached(scripted(folder, "exit 1"), record));
  t.false(await exists(record));
});

test("the log of the run before is kept beside the new one", async (t) => {
  const folder = await temporaryFolder(t);
  await t.throwsAsync(startAttached(scripted(folder, "echo first; exit 1")));
  await t.throwsAsync(startAttached(scripted(folder, "echo second; exit 1")));
  t.is(await readFile(join(folder, "logs/service.previous.log"), "utf8"), "first\n");
});
