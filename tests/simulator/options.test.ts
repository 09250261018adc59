import { spawnSync } from "node:child_process";
import * as path from "node:path";
import test from "ava";
import { parseOptions, toArguments } from "../../tools/simulator/options.ts";
import { startSimulator } from "../../tools/simulator/process.ts";
import { repository } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

const main = path.join(repository, "tools/simulator/main.ts");

test("every fault of a command line is listed at once, with exit code 2", (t) => {
  const words = ["--fire", "--port=70000", "--role", "judge", "--latency=h100", "--tls-cert=a"];
  const { status, stderr, stdout } = spawnSync(process.execPath, [main, ...words, "--seed"], {
    encoding: "utf8",
  });
  t.is(status, 2);
  t.is(stdout, "");
  for (const fault of [
    /"--fire" is no option; there are --force-include-usage, /,
    /--port is "70000"; give a whole number from 0 to 65535/,
    /--role is "judge"; give one of engine, provider/,
    /--latency is "h100"; give one of none, a100-tp8, a100-tp4/,
    /--tls-key is missing; --tls-cert needs it/,
    /--seed has no value/,
    /--model is missing; give the name that clients ask for/,
    /usage: node tools\/simulator\/main\.ts/,
  ])
    t.regex(stderr, fault);
});

test("an option given twice is a fault, except --model", (t) => {
  const parsed = parseOptions(["--model=a", "--model", "b", "--seed=1", "--seed=2"]);
  t.deepEqual(parsed, { ok: false, faults: ["--seed is given 2 times"] });
});

test("a base path is for providers, and has no slash at its end", (t) => {
  t.like(parseOptions(["--model=a", "--base-path=/x"]), {
    faults: ['--base-path is "/x"; the engine has only /v1, use --role provider'],
  });
  t.like(parseOptions(["--model=a", "--role=provider", "--base-path=/x/"]), { ok: false });
});

test("options become a command line that means the same", (t) => {
  const given = {
    models: ["a", "b"],
    role: "provider",
    basePath: "/api/v1",
    tls: { certFile: "c", keyFile: "k" },
    maxNumQueuedReqs: 9,
    forceIncludeUsage: true,
    stopOnStdinEnd: true,
  } as const;
  const parsed = parseOptions(toArguments(given));
  t.true(parsed.ok);
  t.like(parsed, { options: given });
});

test("a port that is taken and a key file that is empty end the start, and say why", async (t) => {
  const first = await startSimulator({ models: ["m"] });
  t.teardown(() => first.stop());
  const port = Number(new URL(first.url).port);
  await t.throwsAsync(startSimulator({ models: ["m"], port }), {
    message: /ended with 1.*EADDRINUSE/s,
  });
  const apiKeyFile = path.join(await temporaryFolder(t, { key: "\n" }), "key");
  await t.throwsAsync(startSimulator({ models: ["m"], apiKeyFile }), {
    message: /--api-key-file is ".*", which is empty; put the key in it/,
  });
});
