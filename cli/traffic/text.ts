import type { Weights } from "../../components/lib/migration/task-class.ts";

/** `self-hosted 10 %, gpt-4-turbo 90 %`; backends without a share are left out. */
export function sharesText(weights: Weights): string {
  const shares = Object.entries(weights).filter(([, share]) => share > 0);
  return shares.map(([name, share]) => `${name} ${share} %`).join(", ") || "nobody";
}

/** Text that somebody else wrote, fit for a terminal. */
export function plain(text: string): string {
  return text.replaceAll(/\p{C}/gu, "?");
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
