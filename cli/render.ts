import { readdir, rm } from "node:fs/promises";
import * as path from "node:path";
import type { RenderedFile } from "../offline/render/files.ts";
import { renderStack } from "../offline/render/render-stack.ts";
import { exitCodeOf } from "../offline/report/stack-report.ts";
import { exceptionsText, textReport } from "../offline/report/text.ts";
import { commandLine } from "./support/arguments.ts";
import { outputError, writeOutput } from "./support/output.ts";
import { chosenStacks } from "./support/stacks.ts";
import { surroundings } from "./support/surroundings.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { userPath } from "./support/user-path.ts";

const usage = `usage: npm run render -- STACK --out DIR [--charts DIR]
exit:  0 written, 1 violation, 2 usage or configuration error, 3 undecided; only 0 writes anything`;

/** The one file that tells a folder of ours from somebody else's. */
const mark = "bill-of-materials.json";

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const [stack, ...more] = await chosenStacks(positionals.slice(0, 1));
  if (
    positionals.length !== 1 ||
    stack === undefined ||
    more.length > 0 ||
    values.out === undefined
  ) {
    throw new UsageError(usage);
  }
  const out = userPath(values.out);
  await refuseForeignFolder(out, values.out);
  const rendering = await renderStack(stack, await surroundings(values.charts));
  if (rendering.kind === "refused") {
    process.stderr.write(textReport([rendering.report]));
    return exitCodeOf([rendering.report]);
  }
  const exceptions = exceptionsText(rendering.report);
  if (exceptions !== "") process.stderr.write(`${exceptions}\n`);
  await writeAll(out, rendering.files, values.out);
  process.stdout.write(
    `${stack}: ${rendering.files.length} files in ${values.out}; Secrets are not among them, secrets.json lists what to make\n`,
  );
  return 0;
}

function readArguments() {
  return commandLine(usage, {
    allowPositionals: true,
    options: {
      out: { type: "string" },
      charts: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
}

async function refuseForeignFolder(out: string, given: string): Promise<void> {
  const held: string[] = await readdir(out).catch(() => []);
  if (held.length === 0 || held.includes(mark)) return;
  throw new UsageError(
    `--out ${given} holds files that are not a rendering; give an empty or new folder`,
  );
}

/** Replaces an earlier rendering, so that no file of an object that is gone stays behind. */
async function writeAll(out: string, files: readonly RenderedFile[], given: string): Promise<void> {
  try {
    await rm(path.join(out, "manifests"), { recursive: true, force: true });
  } catch (error) {
    throw outputError(error, given);
  }
  for (const file of files) await writeOutput(path.join(out, file.path), file.content, given);
}

await runCommand(main);
