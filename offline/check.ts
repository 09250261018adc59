import { exampleEntries, readLock } from "../infra/lock.ts";
import { graphOf } from "../policies/model/graph.ts";
import { evaluate } from "../policies/runner.ts";
import { settingsFromStackConfig } from "../policies/settings/stack-settings.ts";
import { strictSettings } from "../policies/settings/strict-settings.ts";
import type { StackReport } from "./report/stack-report.ts";
import { type ReadStack, readStack, type Surroundings } from "./stack/read-stack.ts";

/**
 * Previews one stack offline and runs every policy over it.
 * @throws StackFileError or ConfigError where the stack file cannot be used
 */
export async function checkStack(stack: string, surroundings: Surroundings): Promise<StackReport> {
  const start = performance.now();
  const read = await readStack(stack, surroundings);
  return reportOf(read, performance.now() - start);
}

/** The same, and the policy pack asked as a process of its own, which must find the same. */
export async function checkStackWithPack(
  stack: string,
  surroundings: Surroundings,
): Promise<StackReport> {
  const start = performance.now();
  const read = await readStack(stack, surroundings);
  const report = reportOf(read, performance.now() - start);
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
 * @param readMilliseconds time that reading took; the policies' own is added
 */
export function reportOf(read: ReadStack, readMilliseconds: number): StackReport {
  const start = performance.now();
  const { file, resources, undecided } = read;
  const { findings, run, defined } = evaluate(
    graphOf(decidable(resources, undecided)),
    // What is encrypted may be the settings themselves; nothing was read then that they could judge.
    file.undecidable.length > 0 ? strictSettings : settingsFromStackConfig(file.values),
  );
  return {
    name: file.stack,
    project: file.project,
    file: file.file,
    kind: "stack",
    resources,
    findings,
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
