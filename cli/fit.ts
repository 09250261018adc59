import { fitSubject } from "../infra/config/fit-subject.ts";
import { rawStack } from "../infra/config/raw-stack.ts";
import { repositoryFiles } from "../infra/config/repository-file.ts";
import { fitExitCode, fitReport } from "../offline/fit/report.ts";
import { fitText } from "../offline/report/fit-text.ts";
import { readStackFile } from "../offline/stack-file.ts";
import { commandLine } from "./support/arguments.ts";
import { writeOutput } from "./support/output.ts";
import { repositoryRoot } from "./support/repository.ts";
import { chosenStacks } from "./support/stacks.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { userPath } from "./support/user-path.ts";

const usage = `usage: npm run fit -- STACK [--json] [--out FILE]
exit:  0 every model fits, 1 one does not, 2 usage or configuration error`;

async function main(): Promise<number> {
  const { values, positionals } = commandLine(usage, {
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const [stack, ...more] = positionals;
  if (stack === undefined || more.length > 0) throw new UsageError(`name one stack\n${usage}`);
  const report = fitReport(stack, await subjectOf(stack));
  const text = values.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : fitText(report);
  if (values.out === undefined) process.stdout.write(text);
  else await writeOutput(userPath(values.out), text, values.out);
  return fitExitCode(report);
}

async function subjectOf(stack: string) {
  await chosenStacks([stack]);
  const { file, config, project, undecidable } = await readStackFile(repositoryRoot, stack);
  if (undecidable.length > 0) throw new UsageError(`${file}: ${undecidable.join("; ")}`);
  const subject = fitSubject(rawStack(config, project), project, repositoryFiles);
  if (subject !== undefined) return subject;
  throw new UsageError(`${file}: layer cluster serves no model; name the platform stack on it`);
}

await runCommand(main);
