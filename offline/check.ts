import { capacityNotices } from "../infra/config/capacity-notices.ts";
import { exampleEntries, readLock } from "../infra/lock.ts";
import { judge } from "../policies/judge.ts";
import { graphOf } from "../policies/model/graph.ts";
import { settingsFromStackConfig } from "../policies/settings/stack-settings.ts";
import { strictSettings } from "../policies/settings/strict-settings.ts";
import type { StackReport } from "./report/stack-report.ts";
import { type ReadStack, readStack, type Surroundings } from "./stack/read-stack.ts";

/** Things outside the repository that checking a stack needs. */
export interface CheckSurroundings extends Surroundings {
  /** Day as `2026-12-31`; exceptions that ended before it are violations. */
  readonly today: string;
}

/**
 * Previews one stack offline and runs every policy over it.
 * @throws StackFileError or ConfigError where the stack file cannot be used
 */
export async function checkStack(
  stack: string,
  surroundings: CheckSurroundings,
): Promise<StackReport> {
  const start = performance.now();
  const read = await readStack(stack, surroundings);
  return reportOf(read, surroundings.today, performance.now() - start);
}

/** The same, and the policy pack asked as a process of its own, which must find the same. */
export async function checkStackWithPack(
  stack: string,
  surroundings: CheckSurroundings,
): Promise<StackReport> {
  const start = performance.now();
  const read = await readStack(stack, surroundings);
  const report = reportOf(read, surroundings.today, performance.now() - start);
  const { packDifferences } = await import("./compare-pack.ts");
  const resources = decidable(read.resources, read.undecided);
  return {
    ...report,
    packDifferences: await packDifferences(resources, stack, report.findings),
    milliseconds: performance.now() - start,
  };
}

/**
 * What policies say of a stack that was read.
 * @param today day as `2026-12-31`
 * @param readMilliseconds time that reading took; the policies' own is added
 */
export function reportOf(read: ReadStack, today: string, readMilliseconds: number): StackReport {
  const start = performance.now();
  const { file, resources, undecided } = read;
  const { findings, excepted, unusedExceptions, run, defined } = judge(
    graphOf(decidable(resources, undecided)),
    // What is encrypted may be the settings themselves; nothing was read then that they could judge.
    file.undecidable.length > 0 ? strictSettings : settingsFromStackConfig(file.values),
    today,
  );
  return {
    name: file.stack,
    project: file.project,
    file: file.file,
    kind: "stack",
    resources,
    findings,
    excepted,
    // What could not be read may hold what they cover.
    unusedExceptions: undecided.length > 0 ? [] : unusedExceptions,
    notices: capacityNotices(file.values[`${file.project}:cluster`], today),
    hooks: read.hooks,
    undecided: undecided.map(({ chart, reason }) => ({ subject: chart, reason })),
    rules: { run, defined },
    exampleDigests: exampleEntries(readLock()),
    milliseconds: readMilliseconds + performance.now() - start,
  };
}

/** A chart that could not be read is undecided; that it has no children is then no violation. */
function decidable<T extends { readonly urn: string }>(
  resources: readonly T[],
  undecided: readonly { readonly urn: string }[],
): readonly T[] {
  const hidden = new Set(undecided.map((item) => item.urn));
  return resources.filter((resource) => !hidden.has(resource.urn));
}
