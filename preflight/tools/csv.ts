import { all, andThen, linesOf, quoted, type Reading, read, unreadable } from "../reading.ts";

/** Rows of `nvidia-smi --format=csv`, whose header has to be exactly the fields that were asked for. */
export function csvRows<Field extends string>(
  text: string,
  fields: readonly Field[],
): Reading<readonly Readonly<Record<Field, string>>[]> {
  const [header, ...rows] = linesOf(text);
  if (header === undefined) return unreadable("is empty");
  const named = cells(header).map((cell) => cell.replace(/ \[.*\]$/, ""));
  if (named.join() !== fields.join()) {
    return unreadable(`begins with ${quoted(header)}, not with the fields ${fields.join(", ")}`);
  }
  if (rows.length === 0) return unreadable("names no GPU");
  return andThen(all(rows.map((row) => rowOf(row, fields))), read);
}

function rowOf<Field extends string>(
  line: string,
  fields: readonly Field[],
): Reading<Readonly<Record<Field, string>>> {
  const values = cells(line);
  if (values.length !== fields.length) {
    return unreadable(`has ${values.length} values for ${fields.length} fields in ${quoted(line)}`);
  }
  const row = Object.fromEntries(fields.map((field, place) => [field, values[place] ?? ""]));
  return isRow(row, fields) ? read(row) : unreadable(`has a gap in ${quoted(line)}`);
}

function isRow<Field extends string>(
  row: Readonly<Record<string, string>>,
  fields: readonly Field[],
): row is Record<Field, string> {
  return fields.every((field) => row[field] !== undefined && row[field] !== "");
}

function cells(line: string): string[] {
  return line.split(",").map((cell) => cell.trim());
}
