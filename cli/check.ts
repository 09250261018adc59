import { checkStack, checkStackWithPack } from "../offline/check.ts";
import { jsonReport } from "../offline/report/json.ts";
import { junitReport } from "../offline/report/junit.ts";
import { sarifReport } from "../offline/report/sarif.ts";
import { exitCodeOf, type StackReport } from "../offline/report/stack-report.ts";
import { textReport } from "../offline/report/text.ts";
import { rules } from "../policies/rules.ts";
import { commandLine } from "./support/arguments.ts";
import { writeOutput } from "./support/output.ts";
import { chosenStacks } from "./support/stacks.ts";
import { surroundings } from "./support/surroundings.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { userPath } from "./support/user-path.ts";

const usage = `usage: npm run check -- [STACK ...] [--charts DIR] [--pack]
       npm run check -- --manifests PATH [--registry HOST[/PREFIX]] [--inference-namespace NAME ...]
       npm run check -- --live --stack NAME [--context NAME] [--kubeconfig FILE]
       each: [--format text|json|sarif|junit] [--out FILE]
exit:  0 clean, 1 violation, 2 usage or configuration error, 3 undecided`;

const formats = ["text", "json", "sarif", "junit"] as const;
type Format = (typeof formats)[number];

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const format = formatOf(values.format);
  const reports = await reportsOf(values, positionals);
  await write(await formatted(reports, format), values.out);
  return exitCodeOf(reports);
}

async function reportsOf(values: Arguments, positionals: readonly string[]) {
  if (values.live === true) return liveReports(values, positionals);
  const given = liveOptions.filter((name) => values[name] !== undefined);
  if (given.length > 0) {
    throw new UsageError(`--${given.join(", --")} goes with --live\n${usage}`);
  }
  return values.manifests === undefined
    ? stackReports(positionals, values.charts, values.pack === true)
    : manifestReports(values.manifests, positionals, values);
}

/** Options that mean nothing without `--live`. */
const liveOptions = ["stack", "context", "kubeconfig"] as const;

interface Arguments {
  readonly live?: boolean | undefined;
  readonly stack?: string | undefined;
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly manifests?: string | undefined;
  readonly pack?: boolean | undefined;
  readonly charts?: string | undefined;
  readonly registry?: string | undefined;
  readonly "inference-namespace"?: string[] | undefined;
}

function readArguments() {
  return commandLine(usage, {
    allowPositionals: true,
    options: {
      format: { type: "string", default: "text" },
      out: { type: "string" },
      charts: { type: "string" },
      pack: { type: "boolean", default: false },
      live: { type: "boolean", default: false },
      stack: { type: "string" },
      context: { type: "string" },
      kubeconfig: { type: "string" },
      manifests: { type: "string" },
      registry: { type: "string" },
      "inference-namespace": { type: "string", multiple: true },
      help: { type: "boolean", short: "h" },
    },
  });
}

function formatOf(given: string): Format {
  const format = formats.find((known) => known === given);
  if (format === undefined) {
    throw new UsageError(`--format ${given} is unknown; choose ${formats.join(", ")}`);
  }
  return format;
}

async function stackReports(
  named: readonly string[],
  charts: string | undefined,
  withPack: boolean,
): Promise<StackReport[]> {
  const check = withPack ? checkStackWithPack : checkStack;
  const outside = await surroundings(charts);
  const reports: StackReport[] = [];
  // One after the other: Pulumi's mock runtime is one per process.
  for (const stack of await chosenStacks(named)) {
    try {
      reports.push(await check(stack, outside));
    } catch (error) {
      throw withStack(stack, error);
    }
  }
  return reports;
}

/** Says which of several stacks is meant. */
function withStack(stack: string, error: unknown): unknown {
  if (error instanceof Error && !error.message.includes(`Pulumi.${stack}.yaml`)) {
    error.message = `stacks/Pulumi.${stack}.yaml: ${error.message}`;
  }
  return error;
}

async function manifestReports(
  given: string,
  named: readonly string[],
  { registry, "inference-namespace": namespaces, pack, charts }: Arguments,
): Promise<StackReport[]> {
  if (pack === true || charts !== undefined) {
    throw new UsageError(`--pack and --charts go with stacks, not with --manifests\n${usage}`);
  }
  if (named.length > 0) {
    throw new UsageError(`--manifests reads no stack; leave out ${named.join(", ")}\n${usage}`);
  }
  const { checkManifests } = await import("../offline/check-manifests.ts");
  const at = userPath(given);
  return [await checkManifests(at, given, { registry, namespaces })];
}

/** The stack is always named: settings of another one would find the wrong things, or none. */
async function liveReports(
  { stack, context, kubeconfig, pack, ...others }: Arguments,
  positionals: readonly string[],
): Promise<StackReport[]> {
  const strangers = (["charts", "manifests", "registry", "inference-namespace"] as const).filter(
    (name) => others[name] !== undefined,
  );
  if (pack === true || strangers.length > 0) {
    const named = [...strangers, ...(pack === true ? ["pack"] : [])];
    throw new UsageError(`--${named.join(", --")} does not go with --live\n${usage}`);
  }
  const [first] = positionals;
  if (first !== undefined || stack === undefined) {
    throw new UsageError(
      `--live takes its settings from one stack; name it, as in --stack ${first ?? "prod"}\n${usage}`,
    );
  }
  await chosenStacks([stack]);
  const { checkLive } = await import("./support/live.ts");
  return [await checkLive({ stack, context, kubeconfig })];
}

async function formatted(reports: readonly StackReport[], format: Format): Promise<string> {
  switch (format) {
    case "text":
      return textReport(reports);
    case "json":
      return jsonReport(reports);
    case "sarif":
      return sarifReport(reports, rules, await productVersion());
    case "junit":
      return junitReport(reports, rules);
    default:
      format satisfies never;
      throw new Error("unreachable");
  }
}

async function productVersion(): Promise<string> {
  const { default: manifest } = await import("../package.json", { with: { type: "json" } });
  return manifest.version;
}

async function write(report: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    process.stdout.write(report);
    return;
  }
  await writeOutput(userPath(file), report, file);
}

await runCommand(main);
