import * as path from "node:path";
import { stackConfig } from "../deploy/stack-config.ts";
import { readStackFile } from "../offline/stack-file.ts";
import { commandsText } from "../preflight/commands-text.ts";
import { hostFolders, readRecordings } from "../preflight/folder.ts";
import { type HostReport, judgeHost } from "../preflight/judge.ts";
import { type PreflightReport, preflightExitCode, preflightText } from "../preflight/report.ts";
import { expectedHosts } from "../preflight/stack-hosts.ts";
import { commandLine } from "./support/arguments.ts";
import { writeOutput } from "./support/output.ts";
import { repositoryRoot } from "./support/repository.ts";
import { chosenStacks } from "./support/stacks.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { userPath } from "./support/user-path.ts";

const usage = `usage: npm run preflight -- commands
       npm run preflight -- judge FOLDER --stack NAME [--host HOST] [--format text|json] [--out FILE]
FOLDER holds one folder per host, with the files that the commands write
exit:  0 every host passed, 1 a check failed, 2 usage or configuration error, 3 something could not be told`;

async function main(): Promise<number> {
  const { values, positionals } = commandLine(usage, {
    allowPositionals: true,
    options: {
      stack: { type: "string" },
      host: { type: "string" },
      format: { type: "string", default: "text" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [action, folder, ...more] = positionals;
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (action === "commands" && folder === undefined) {
    process.stdout.write(commandsText());
    return 0;
  }
  if (action !== "judge" || folder === undefined || more.length > 0) throw new UsageError(usage);
  const { stack, host, format, out } = values;
  if (stack === undefined) throw new UsageError(`name the stack with --stack\n${usage}`);
  if (format !== "text" && format !== "json") {
    throw new UsageError(`--format ${format} is unknown; choose text, json`);
  }
  const report = await judged({ folder, stack, host });
  const text =
    format === "json" ? `${JSON.stringify(report, undefined, 2)}\n` : preflightText(report);
  if (out === undefined) process.stdout.write(text);
  else await writeOutput(userPath(out), text, out);
  return preflightExitCode(report);
}

interface Question {
  readonly folder: string;
  readonly stack: string;
  readonly host: string | undefined;
}

async function judged({ folder, stack, host }: Question): Promise<PreflightReport> {
  const expected = await expectedOf(stack, host);
  const at = userPath(folder);
  const recorded = await foldersIn(at, folder);
  const hosts: HostReport[] = [];
  for (const each of expected) {
    hosts.push(judgeHost(await readRecordings(path.join(at, each.host)), each));
  }
  const names = new Set(expected.map((each) => each.host));
  const notJudged = host === undefined ? recorded.filter((name) => !names.has(name)) : [];
  return { stack, hosts, notJudged };
}

async function foldersIn(at: string, given: string): Promise<readonly string[]> {
  try {
    return await hostFolders(at);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${given} cannot be read as a folder of recordings: ${reason}`);
  }
}

async function expectedOf(stack: string, host: string | undefined) {
  await chosenStacks([stack]);
  const file = await readStackFile(repositoryRoot, stack);
  if (file.undecidable.length > 0) {
    throw new UsageError(`${file.file}: ${file.undecidable.join("; ")}`);
  }
  const config = stackConfig(file);
  if (config.layer === "cluster") {
    throw new UsageError(`${file.file}: layer cluster has no inventory; name a platform stack`);
  }
  const expected = expectedHosts(config, host);
  if (typeof expected === "string") throw new UsageError(`${file.file}: ${expected}`);
  return expected;
}

await runCommand(main);
