import { refusedByPodSecurity, refusedByPolicy } from "../admission-column.ts";
import { type Leak, variantId } from "../leak.ts";
import { probeAttempts } from "../probe-column.ts";
import { isRed, type Judged } from "./judge.ts";

/** One row of the printed table. */
export interface Score {
  readonly leak: Leak;
  /** Whether every variant is found before deployment. */
  readonly policy: boolean;
  /** Whether the API server refuses every variant. */
  readonly admission: boolean;
  /** Whether a packet of the probe would show it. */
  readonly probe: boolean;
  readonly cells: { readonly policy: string; readonly admission: string; readonly probe: string };
}

export function scores(leaks: readonly Leak[], judged: readonly Judged[]): readonly Score[] {
  const refused = new Set([...refusedByPodSecurity, ...refusedByPolicy]);
  return leaks.map((leak) => {
    const ids = leak.variants.map((variant) => variantId(leak, variant));
    const own = judged.filter((each) => each.leak === leak);
    const caught = own.filter((each) => each.caughtBy.length > 0);
    const rules = [...new Set(own.flatMap((each) => each.caughtBy))].toSorted();
    const stopped = ids.filter((id) => refused.has(id));
    const attempt = probeAttempts[leak.row];
    return {
      leak,
      policy: isRed(leak, judged),
      admission: ids.length > 0 && stopped.length === ids.length,
      probe: attempt !== undefined,
      cells: {
        policy: share(caught.length, ids.length, rules.join(" ")),
        admission: share(stopped.length, ids.length, ""),
        probe: attempt === undefined ? "-" : `${attempt.proof} ${attempt.kind}`,
      },
    };
  });
}

export function redRows(rows: readonly Score[]): number {
  return rows.filter((row) => row.policy || row.admission).length;
}

/** The table, one line per leak, and the sum. A mark stands where every variant of the row is stopped. */
export function printed(rows: readonly Score[]): string {
  const lines = rows.map(({ leak, policy, admission, probe, cells }) => {
    const mark = (red: boolean, text: string) => `${red ? "*" : " "} ${text}`;
    const total = [policy, admission, probe].filter(Boolean).length;
    return line([
      String(leak.row),
      leak.title,
      mark(policy, cells.policy),
      mark(admission, cells.admission),
      mark(probe, cells.probe),
      String(total),
    ]);
  });
  const count = (column: "policy" | "admission" | "probe") =>
    rows.filter((row) => row[column]).length;
  return [
    line(["row", "leak", "  policy", "  admission", "  probe", "columns"]),
    ...lines,
    `${redRows(rows)} of ${rows.length} rows red: ${count("policy")} by a policy, ` +
      `${count("admission")} by the API server; a probe looks at ${count("probe")}`,
  ].join("\n");
}

const widths = [4, 76, 30, 12, 16, 0];

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join(" ")
    .trimEnd();
}

function share(part: number, whole: number, by: string): string {
  return part === 0 ? "-" : `${part}/${whole} ${by}`.trimEnd();
}
