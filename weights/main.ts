import { runStage } from "./commands/stage.ts";
import { runVerify } from "./commands/verify.ts";
import { UsageError, usage } from "./usage.ts";

/** Exit codes: 0 done, 1 the weights are wrong or not to be had, 2 usage. */
async function main([command = "", ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case "verify":
      return runVerify(args);
    case "stage":
      return runStage(args);
    case "--help":
    case "-h":
      process.stdout.write(`${usage}\n`);
      return 0;
    default:
      throw new UsageError(`unknown command "${command}"; write verify or stage`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n${usage}\n`);
    process.exitCode = 2;
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
