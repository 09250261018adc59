import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { generatedStack } from "../bench/generated-stack.ts";
import { type Measurement, measure, median } from "../bench/measure.ts";
import { repositoryRoot } from "./support/repository.ts";
import { runCommand } from "./support/usage.ts";

const usage = `usage: npm run bench [-- --sizes 100,1000,5000] [--runs 3]
Times \`check\` over generated stacks, cold and warm, beside the bare import of the SDKs and the
bare run of the program under mocks, all in one run. Compare the ratios; the seconds are this machine's.`;

const imports =
  'await import("@pulumi/pulumi"); await import("@pulumi/kubernetes"); await import("@pulumi/random");';
const parts = ["bench", "cli", "components", "infra", "offline", "policies", "tools"];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "100,1000,5000" },
      runs: { type: "string", default: "3" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const runs = Number(values.runs);
  const folder = await mkdtemp(path.join(os.tmpdir(), "private-llm-bench-"));
  try {
    await prepare(folder);
    const bare = await median(runs, () => measure(["-e", imports], folder, warm(folder)));
    row("bare import of the SDKs", bare, bare);
    for (const size of values.sizes.split(",").map(Number)) {
      await benchSize(folder, size, runs, bare);
    }
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
  process.stdout.write(`${columns.join("")}\n`);
}

await runCommand(main);
