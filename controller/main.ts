import { jsonLog } from "./log.ts";
import { controllerArguments, usage } from "./options.ts";
import { runController } from "./run.ts";

/** Wrong use, as of the project's other commands. */
const wrongUse = 2;
/** Longest time for a clean end, ms. */
const patience = 5_000;

const log = jsonLog(
  (line) => process.stdout.write(line),
  () => new Date(),
);

async function main(): Promise<void> {
  const options = controllerArguments(process.argv.slice(2));
  const running = await runController(options, log);
  log.info("listening", { port: running.port, healthPort: running.healthPort, pid: process.pid });
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), patience).unref();
    void running.stop().then(() => {
      log.info("ended");
      process.exit(0);
    });
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = wrongUse;
}
