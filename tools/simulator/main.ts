import { parseOptions, type SimulatorOptions, usage } from "./options.ts";
import { type Simulator, simulate } from "./simulator.ts";

/** Wrong use, as of the project's other commands. */
const wrongUse = 2;

const parsed = parseOptions(process.argv.slice(2));
// A detached simulator outlives the reader of its output.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

if (parsed.ok) await run(parsed.options);
else {
  process.stderr.write(`${parsed.faults.map((fault) => `error: ${fault}\n`).join("")}${usage}\n`);
  process.exitCode = wrongUse;
}

async function run(options: SimulatorOptions): Promise<void> {
  try {
    const simulator = await simulate(options);
    endOnRequest(simulator, options);
    process.stdout.write(`${JSON.stringify(simulator.listening)}\n`);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function endOnRequest(simulator: Simulator, options: SimulatorOptions): void {
  let ending = false;
  const end = (seconds: number) => {
    if (ending) return;
    ending = true;
    void simulator.stop(seconds).then(() => process.exit(0));
  };
  process.on("SIGTERM", () => end(options.shutdownTimeout));
  process.on("SIGINT", () => end(0));
  if (options.stopOnStdinEnd) process.stdin.on("end", () => end(0)).resume();
}
