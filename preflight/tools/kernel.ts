import { linesOf, quoted, type Reading, read, unreadable } from "../reading.ts";

/** Devices and files in `/proc/swaps`. */
export function readSwaps(text: string): Reading<readonly string[]> {
  const [header, ...swaps] = linesOf(text);
  if (header === undefined || !/^Filename\s/.test(header)) {
    return unreadable("does not begin as /proc/swaps does");
  }
  return read(swaps.map((line) => line.split(/\s/)[0] ?? line));
}

/** Where the kernel puts the memory of a process that crashed; a pipe hands it to a program. */
export function readCorePattern(text: string): Reading<{ readonly pipe: string | undefined }> {
  const lines = linesOf(text);
  const [pattern] = lines;
  if (pattern === undefined || lines.length > 1) {
    return unreadable(`is not one pattern: ${quoted(text)}`);
  }
  return read({ pipe: pattern.startsWith("|") ? pattern.slice(1).trim() : undefined });
}
