import type { ExpectedHost } from "./expected.ts";
import { type Reading, unreadable } from "./reading.ts";
import { type RecordingName, type Recordings, recordings } from "./recordings.ts";

/** What a check says of a host. Only `passed` and `not-needed` let it pass. */
export type Verdict =
  | { readonly outcome: "passed"; readonly found: string }
  /** Each fault has value, reason and remedy. */
  | { readonly outcome: "failed"; readonly faults: readonly string[] }
  | { readonly outcome: "unknown"; readonly reason: string }
  /** By the inventory, never by what was recorded. */
  | { readonly outcome: "not-needed"; readonly reason: string };

export interface Check {
  readonly name: string;
  /** What must hold. */
  readonly title: string;
  readonly judge: (given: Recordings, expected: ExpectedHost) => Verdict;
}

/** A recording as its parser reads it; one that is missing is as unreadable as one that is broken. */
export function readingOf<T>(
  given: Recordings,
  name: RecordingName,
  parse: (text: string) => Reading<T>,
): Reading<T> {
  const { file, command } = recordings[name];
  const text = given[name];
  if (text === undefined) return unreadable(`${file} is missing; record it with: ${command}`);
  const reading = parse(text);
  return "unreadable" in reading ? unreadable(`${file} ${reading.unreadable}`) : reading;
}

/** Fails where there is a fault, passes where there is none, and knows nothing where nothing can be read. */
export function verdictOf<T>(
  reading: Reading<T>,
  faultsOf: (value: T) => readonly string[],
  found: (value: T) => string,
): Verdict {
  if ("unreadable" in reading) return { outcome: "unknown", reason: reading.unreadable };
  const faults = faultsOf(reading.value);
  return faults.length > 0
    ? { outcome: "failed", faults }
    : { outcome: "passed", found: found(reading.value) };
}

export function passes({ outcome }: Verdict): boolean {
  return outcome === "passed" || outcome === "not-needed";
}
