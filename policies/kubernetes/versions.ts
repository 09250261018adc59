/** A version as numbers; whatever follows them is kept as text. */
export interface Version {
  readonly numbers: readonly number[];
  /** Whether it comes before the release of these numbers: `rc1`, `dev3`, `alpha`. */
  readonly early: boolean;
}

/** Reads `0.33.0`, `v0.33.0`, `0.33.0-cu130`, `0.33.0.post1`, `0.33.0rc1`; `undefined` for no version, such as `nightly`. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?([-._+]?[a-z][\w.+-]*)?$/i.exec(text);
  if (match === null) return undefined;
  const [, major = "", minor = "", patch = "0", rest = ""] = match;
  return {
    numbers: [major, minor, patch].map(Number),
    early: /^[-._+]?(?:a|alpha|b|beta|c|dev|nightly|pre|preview|rc)\d*(?:[-._+]|$)/i.test(rest),
  };
}

/** Whether a version is the floor or a later one. */
export function isAtLeast(version: Version, floor: Version): boolean {
  for (const [index, least] of floor.numbers.entries()) {
    const number = version.numbers[index] ?? 0;
    if (number !== least) return number > least;
  }
  return !version.early;
}
