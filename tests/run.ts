import { spawn } from "node:child_process";
import { enableCompileCache, getCompileCacheDir } from "node:module";
import { ensureTools } from "../tools/cluster/binaries/ensure.ts";
import { consoleProgress } from "../tools/cluster/progress.ts";
import { envoyBinary } from "../tools/data-plane/binaries/envoy.ts";
import { egressProbeBinary } from "../tools/egress-probe/binary.ts";
import { installSystemPackages } from "./support/system-packages.ts";

/** Everything `make test` runs, in order; the last line counts the tests. */

enableCompileCache();
const env = { ...process.env, NODE_COMPILE_CACHE: getCompileCacheDir() };

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };

for (const [name, ...command] of [
  ["format", "biome", "check", "--error-on-warnings", "."],
  ["types", "tsc", "--project", "."],
  ["lint", "oxlint", "--type-aware", "--deny-warnings", "."],
] as const) {
  const started = Date.now();
  const code = await run(command, (text) => process.stdout.write(text));
  const ok = code === 0;
  process.stdout.write(`${ok ? "ok" : "not ok"} - ${name} (${seconds(started)} s)\n`);
  counts[ok ? "passed" : "failed"] += 1;
}

// Built or fetched once per version; here, so that the first run shows what it waits for.
await ensureTools(
  [
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubectl",
    "etcd",
    "kwok",
    "helm",
    "crane",
    "k6",
    "ratelimit",
  ],
  { progress: consoleProgress() },
);

if (process.platform === "linux") await egressProbeBinary({ progress: consoleProgress() });
installSystemPackages((text) => process.stdout.write(`# ${text}\n`));
await envoyBinary({ progress: consoleProgress() });

const tests = await run(["ava", "--tap"], report());
if (tests !== 0 && counts.failed === 0) {
  process.stdout.write(`not ok - the test runner ended with ${tests}\n`);
  counts.failed += 1;
}
process.stdout.write(
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** Counts TAP lines; passes on failures, skips with their reasons, and a sign of life now and then. */
function report(): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const skipped = /^ok \d+ .*# SKIP/.test(line);
      const passed = !skipped && /^ok \d+ /.test(line);
      if (skipped) counts.skipped += 1;
      if (passed) counts.passed += 1;
      if (/^not ok \d+ /.test(line)) counts.failed += 1;
      if (passed && counts.passed % 100 === 0) process.stdout.write(`# ${counts.passed} passed\n`);
      if (!passed && !/^(TAP|1\.\.|# (tests|pass|skip|fail)|$)/.test(line)) {
        process.stdout.write(`${line}\n`);
      }
    }
  };
}

function run(command: readonly string[], print: (text: string) => void): Promise<number> {
  const [file = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.setEncoding("utf8").on("data", print);
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function seconds(started: number): string {
  return ((Date.now() - started) / 1000).toFixed(1);
}
