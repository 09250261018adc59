import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { EventStreamError, packName, packSummary } from "../offline/pack-summary.ts";
import { rules } from "../policies/rules.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { userPath } from "./support/user-path.ts";

const usage = `usage: node cli/assert-policies.ts [FILE]
reads the events of a preview from FILE, or from standard input, and demands that every policy of the
pack ran and passed; see docs/ci.md
exit:  0 all passed, 1 a policy failed or did not run, 2 usage error or no event stream`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const [file, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one file at a time; leave out ${more.join(", ")}`);
  const { policies, resources, faults } = summary(await read(file), file ?? "standard input");
  if (faults.length === 0) {
    process.stdout.write(
      `${packName}: all ${policies} policies passed on ${resources} resources and the stack\n`,
    );
    return 0;
  }
  const lines = faults.map((fault) => `  ${fault}`);
  process.stderr.write(`${packName}: the preview proves too little\n${lines.join("\n")}\n`);
  return 1;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

async function read(file: string | undefined): Promise<string> {
  if (file === undefined) return text(process.stdin);
  const at = userPath(file);
  return readFile(at, "utf8").catch((error: unknown) => {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UsageError(`${file}: cannot be read (${reason}); name the file the preview wrote`);
  });
}

function summary(events: string, shown: string) {
  try {
    return packSummary(events, rules);
  } catch (error) {
    if (error instanceof EventStreamError) throw new UsageError(`${shown}: ${error.message}`);
    throw error;
  }
}

await runCommand(main);
