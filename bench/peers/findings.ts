import { z } from "zod";

/** Lines that can be compared with those of another run of the same tool; the same line may come twice. */
export type Findings = readonly string[];

const checkovReport = z.looseObject({
  results: z.looseObject({
    failed_checks: z.array(z.looseObject({ check_id: z.string(), resource: z.string() })),
  }),
});

/** What checkov prints where it has found no object that it knows. */
const checkovNothing = z.looseObject({ failed: z.literal(0), resource_count: z.number() });

export function readCheckov(stdout: string): Findings {
  const report = z.union([checkovReport, checkovNothing]).parse(JSON.parse(stdout));
  const failed = checkovReport.safeParse(report).data?.results.failed_checks ?? [];
  return failed.map(({ check_id, resource }) => `${check_id} ${resource}`);
}

const conftestReport = z.array(
  z.looseObject({ failures: z.array(z.looseObject({ msg: z.string() })).default([]) }),
);

export function readConftest(stdout: string): Findings {
  const files = conftestReport.parse(JSON.parse(stdout));
  return files.flatMap(({ failures }) => failures.map(({ msg }) => msg));
}

/** Every object has a line for each check, so no line at all means that the file was not read. */
export function readKubeScore(stdout: string): Findings {
  const lines = stdout.split("\n").filter((line) => line.startsWith("["));
  if (lines.length === 0) throw new Error("kube-score has read no object");
  return lines.filter((line) => /^\[(?:CRITICAL|WARNING)\]/.test(line));
}

/** The lines of the connectivity map: a wider one is what the tool has to say, though it complains of none. */
export function readNca(stdout: string): Findings {
  const lines = stdout.split("\n");
  const start = lines.findIndex((line) => line.startsWith("final fw rules for query"));
  if (start < 0) throw new Error("network-config-analyzer has given no map");
  return lines
    .slice(start + 1)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("Total run time"));
}

/** What the second answer holds more often than the first. */
export function novel(before: Findings, after: Findings): Findings {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  return after.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
