import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { benchGateway } from "../bench/gateway/bench-gateway.ts";
import { installLitellm, litellmVersion } from "../bench/gateway/litellm.ts";
import { generatedStack } from "../bench/generated-stack.ts";
import { type Measurement, measure, median } from "../bench/measure.ts";
import { compareTimes } from "../bench/peers/compare-times.ts";
import { installPeers } from "../bench/peers/install.ts";
import { commandLine } from "./support/arguments.ts";
import { repositoryRoot } from "./support/repository.ts";
import { runCommand, UsageError } from "./support/usage.ts";

const usage = `usage: npm run bench [-- --sizes 100,1000,5000] [--runs 3]
       npm run bench -- --install-peers [--peers] [--peers-findings]
       npm run bench -- --peers [--sizes 10,100,400,2000] [--runs 3]
       npm run bench -- --peers-findings
       npm run bench -- --install-litellm [--gateway]
       npm run bench -- --gateway [--runs 3] [--seconds 3]
Times \`check\` over generated stacks, cold and warm, beside the bare import of the SDKs and the
bare run of the program under mocks, all in one run. Compare the ratios; the seconds are this machine's.
--install-peers   installs other tools into the user's cache; needs python3, go and their registries
--peers           times \`egress\` beside them on generated manifests; sizes are numbers of Deployments
--peers-findings  asks them about every leak of the leak table that shows in a Kubernetes object
--install-litellm installs LiteLLM's proxy into the user's cache, some 750 MB; needs python3 and its registry
--gateway         sends requests through the gateway, and through LiteLLM's proxy where that is installed, to
                  the same two simulators; --seconds is for each side in each of the eight kinds of load`;

const imports =
  'await import("@pulumi/pulumi"); await import("@pulumi/kubernetes"); await import("@pulumi/random");';
const parts = ["bench", "cli", "components", "infra", "offline", "policies", "tools"];

async function main(): Promise<number> {
  const { values } = commandLine(usage, {
    options: {
      sizes: { type: "string" },
      runs: { type: "string" },
      "install-peers": { type: "boolean" },
      peers: { type: "boolean" },
      "peers-findings": { type: "boolean" },
      "install-litellm": { type: "boolean" },
      gateway: { type: "boolean" },
      seconds: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    tell(usage);
    return 0;
  }
  if (values.gateway === true || values["install-litellm"] === true) {
    await besideLitellm(values);
    return 0;
  }
  if (values.seconds !== undefined) {
    throw new UsageError(`--seconds ${values.seconds} is for --gateway; add it\n${usage}`);
  }
  const beside = values["install-peers"] ?? values.peers ?? values["peers-findings"] ?? false;
  const timed = !beside || values.peers === true;
  if (!timed && (values.sizes !== undefined || values.runs !== undefined)) {
    throw new UsageError(`--sizes and --runs are for what is timed; add --peers\n${usage}`);
  }
  const sizes = wholeNumbers(
    "sizes",
    values.sizes ?? (beside ? "10,100,400,2000" : "100,1000,5000"),
  );
  const runs = wholeNumber("runs", values.runs ?? "3");
  await inFolder(async (folder) => {
    if (!beside) await benchCheck(folder, sizes, runs);
    if (values["install-peers"] === true) await installPeers(tell);
    if (values.peers === true) await compareTimes(folder, sizes, runs, egressCommand, tell);
    if (values["peers-findings"] === true) {
      // It reads the real stacks, which loads Pulumi's SDK.
      const { compareFindings } = await import("../bench/peers/compare-findings.ts");
      await compareFindings(path.join(folder, "leaks"), tell);
    }
  });
  return 0;
}

/** A folder of one's own for as long as `use` takes. */
async function inFolder(use: (folder: string) => Promise<unknown>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "private-llm-bench-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function besideLitellm(
  values: Readonly<Record<string, string | boolean | undefined>>,
): Promise<void> {
  const known = ["gateway", "install-litellm", "runs", "seconds"];
  const foreign = Object.keys(values).find((option) => !known.includes(option));
  if (foreign !== undefined) {
    throw new UsageError(`--${foreign} is of another comparison; ask for it by itself\n${usage}`);
  }
  const rounds = wholeNumber("runs", String(values["runs"] ?? "3"));
  const seconds = wholeNumber("seconds", String(values["seconds"] ?? "3"));
  if (values["install-litellm"] === true) await installLitellm(tell);
  if (values["gateway"] !== true) return;
  const version = await litellmVersion();
  const missing = "LiteLLM is not installed, so nobody stands beside; add --install-litellm";
  tell(version === undefined ? missing : `LiteLLM ${version}`);
  const litellm = version !== undefined;
  await inFolder((folder) =>
    benchGateway({ folder, rounds, seconds, litellm, pinned: true, tell }),
  );
}

function wholeNumber(option: string, given: string): number {
  const [number = 0, ...more] = wholeNumbers(option, given);
  if (more.length > 0) throw new UsageError(`--${option} ${given}: give one number\n${usage}`);
  return number;
}

/** Ascending, so that what is too slow for a size is not asked for a larger one. */
function wholeNumbers(option: string, given: string): readonly number[] {
  const parsed = given.split(",").map((text) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0));
  if (!parsed.includes(0)) return parsed.toSorted((a, b) => a - b);
  throw new UsageError(`--${option} ${given}: give whole numbers from 1 to 999999\n${usage}`);
}

function egressCommand(folder: string): readonly string[] {
  const program = path.join(repositoryRoot, "cli/run.ts");
  return [process.execPath, program, "egress", "--manifests", folder];
}

async function benchCheck(folder: string, sizes: readonly number[], runs: number): Promise<void> {
  await prepare(folder);
  const bare = await median(runs, () => measure(["-e", imports], folder, warm(folder)));
  row("bare import of the SDKs", bare, bare);
  for (const size of sizes) await benchSize(folder, size, runs, bare);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A copy of the program, so that no generated stack ever stands in the repository. */
async function prepare(folder: string): Promise<void> {
  for (const part of [...parts, "package.json", "Pulumi.yaml"]) {
    await cp(path.join(repositoryRoot, part), path.join(folder, part), { recursive: true });
  }
  await cp(
    path.join(repositoryRoot, "stacks/digests.lock.json"),
    path.join(folder, "stacks/digests.lock.json"),
  );
  await symlink(path.join(repositoryRoot, "node_modules"), path.join(folder, "node_modules"));
}

async function benchSize(
  folder: string,
  size: number,
  runs: number,
  bare: Measurement,
): Promise<void> {
  await writeFile(path.join(folder, "stacks/Pulumi.bench.yaml"), generatedStack(size));
  const check = ["cli/run.ts", "check", "bench"];
  let colds = 0;
  const cold = await median(runs, () => {
    colds += 1;
    return measure(check, folder, {
      NODE_COMPILE_CACHE: path.join(folder, `cold-${size}-${colds}`),
    });
  });
  await measure(check, folder, warm(folder));
  const mock = ["bench/bare-mock-run.ts", folder];
  row(
    `${size}: bare mock run`,
    await median(runs, () => measure(mock, folder, warm(folder))),
    bare,
  );
  row(`${size}: check, cold`, cold, bare);
  row(`${size}: check, warm`, await median(runs, () => measure(check, folder, warm(folder))), bare);
}

function warm(folder: string): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: path.join(folder, "compile-cache") };
}

function row(name: string, { seconds, peakMib }: Measurement, bare: Measurement): void {
  const columns = [
    name.padEnd(28),
    `${seconds.toFixed(2)} s`.padStart(9),
    `${(seconds / bare.seconds).toFixed(1)} x`.padStart(8),
    `${peakMib.toFixed(0)} MiB`.padStart(10),
  ];
  tell(columns.join(""));
}

await runCommand(main);
