/** What a recording says, or why nothing in it can be relied on. */
export type Reading<T> = { readonly value: T } | { readonly unreadable: string };

export function read<T>(value: T): Reading<T> {
  return { value };
}

export function unreadable(reason: string): { readonly unreadable: string } {
  return { unreadable: reason };
}

/** The readings of a list as one: all of its values, or the first reason. */
export function all<T>(readings: readonly Reading<T>[]): Reading<readonly T[]> {
  const values: T[] = [];
  for (const reading of readings) {
    if ("unreadable" in reading) return reading;
    values.push(reading.value);
  }
  return read(values);
}

export function andThen<T, U>(reading: Reading<T>, next: (value: T) => Reading<U>): Reading<U> {
  return "unreadable" in reading ? reading : next(reading.value);
}

/** A recording's line as a message may quote it. */
export function quoted(line: string): string {
  const text = JSON.stringify(line.trim());
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}

/** Lines that say something. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}
