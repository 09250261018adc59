import { readFileSync } from "node:fs";
import { checkPrompts } from "../prompts/check.ts";
import { compare } from "../prompts/compare.ts";
import { conversationOf } from "../prompts/conversation.ts";
import { readFiles } from "../prompts/read-files.ts";
import { readLibrary } from "../prompts/read-library.ts";
import { RenderError, type Rendered, render } from "../prompts/render.ts";
import { checkText } from "../prompts/report.ts";
import { shown } from "../prompts/shown.ts";
import { type Arguments, readArguments, usage } from "./prompts/arguments.ts";
import { targetModel } from "./prompts/model.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { userPath } from "./support/user-path.ts";

async function main(): Promise<number> {
  const given = readArguments();
  try {
    switch (given.command) {
      case "help":
        process.stdout.write(`${usage}\n`);
        return 0;
      case "check":
        return await runCheck(given);
      case "render":
        return await runRender(given);
      case "compare":
        return await runCompare(given);
      default:
        given satisfies never;
        throw new Error("unreachable");
    }
  } catch (error) {
    if (error instanceof RenderError) throw new UsageError(shown(error.message, 500));
    throw error;
  }
}

type Given<C extends Arguments["command"]> = Extract<Arguments, { command: C }>;

async function runCheck({
  paths,
  model,
  template,
  context,
  json,
}: Given<"check">): Promise<number> {
  const read = paths.map((given) => readable(given, (full) => readFiles(full, given)));
  const unread = read.flatMap((each) => each.unread);
  const named = unread.find(({ name }) => paths.includes(name));
  if (named !== undefined)
    throw new UsageError(`${named.name}: not read, ${named.reason}; leave it out`);
  const target = model === undefined ? undefined : targetModel(model, template, context);
  const report = await checkPrompts(
    read.flatMap(({ files }) => files),
    target,
  );
  if (json)
    print({ model: model ?? null, template: target?.template.origin ?? null, ...report, unread });
  else {
    if (target !== undefined) process.stdout.write(heading(target.id, target.template.origin));
    process.stdout.write(checkText(report, unread));
  }
  return report.findings.length === 0 ? 0 : 1;
}

async function runRender({ library: file, model, template, prompt, json }: Given<"render">) {
  const read = readLibrary(
    file,
    readable(file, (full) => readFileSync(full, "utf8")),
  );
  if (read.kind !== "library") {
    const faults =
      read.kind === "other"
        ? ["is no library of prompts"]
        : read.faults.map(({ message }) => message);
    throw new UsageError(`${file}: ${faults.join(`\n${file}: `)}\nsee docs/prompts.md`);
  }
  const prompts = read.library.prompts.filter(({ id }) => prompt === undefined || id === prompt);
  if (prompts.length === 0) {
    const ids = read.library.prompts.map(({ id }) => id).join(", ");
    throw new UsageError(`--prompt ${prompt ?? ""}: ${file} has ${ids}`);
  }
  const target = targetModel(model, template);
  const rendered = await render(target.template, prompts.map(conversationOf));
  const all = prompts.map(({ id }, index) => ({ prompt: id, ...rendered[index] }));
  if (json) print({ model, template: target.template.origin, prompts: all });
  else {
    process.stdout.write(heading(model, target.template.origin));
    prompts.forEach(({ id }, index) => {
      process.stdout.write(`== ${id}\n${textOf(rendered[index])}\n`);
    });
  }
  return rendered.some((each) => "refused" in each) ? 1 : 0;
}

async function runCompare({ from, to, fromTemplate, toTemplate, json }: Given<"compare">) {
  const [before, after] = [targetModel(from, fromTemplate), targetModel(to, toTemplate)];
  const rows = await compare(before, after);
  const lost = rows.filter((row) => row.lost).map(({ sample }) => sample);
  if (json) {
    print({
      from,
      fromTemplate: before.template.origin,
      to,
      toTemplate: after.template.origin,
      rows,
    });
  } else {
    process.stdout.write(
      heading(from, before.template.origin) + heading(to, after.template.origin),
    );
    for (const row of rows) {
      process.stdout.write(
        `== ${row.sample}\n-- ${from}\n${textOf(row.from)}\n-- ${to}\n${textOf(row.to)}\n`,
      );
    }
    process.stdout.write(
      lost.length === 0
        ? `${to} takes all that ${from} takes\n`
        : `${to} refuses what ${from} takes: ${lost.join(", ")}\n`,
    );
  }
  return lost.length === 0 ? 0 : 1;
}

function heading(model: string, origin: string): string {
  return `${model}: ${shown(origin, 500)}\n`;
}

function textOf(rendered: Rendered | undefined): string {
  if (rendered === undefined) return "";
  return "text" in rendered ? shown(rendered.text) : `refused: ${shown(rendered.refused, 500)}`;
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

function readable<T>(given: string, read: (full: string) => T): T {
  try {
    return read(userPath(given));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UsageError(`${given}: cannot be read (${code}); name a file or a folder`);
  }
}

await runCommand(main);
