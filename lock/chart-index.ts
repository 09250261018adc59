import { parse } from "yaml";
import { z } from "zod";

/** A version of a chart as the index of its repository lists it. */
export interface IndexedChart {
  /** As the index writes it, with or without a leading `v`. */
  readonly version: string;
  /** SHA-256 of the archive in hexadecimal; some repositories state none. */
  readonly sha256?: string;
}

const listing = z.array(z.looseObject({ version: z.string(), digest: z.string().nullish() }));
const wholeIndex = z.looseObject({ entries: z.record(z.string(), z.unknown()) });

/**
 * Finds one version of one chart in an index file.
 * @returns undefined where the index does not list it
 * @throws Error where the text is no index
 */
export function findInIndex(
  index: string,
  chart: string,
  version: string,
): IndexedChart | undefined {
  const found = listing
    .parse(entriesOf(index, chart, version) ?? [])
    .find((entry) => plain(entry.version) === plain(version));
  if (found === undefined) return undefined;
  const sha256 = found.digest?.replace(/^sha256:/, "");
  return { version: found.version, ...(sha256 === undefined || sha256 === "" ? {} : { sha256 }) };
}

function entriesOf(index: string, chart: string, version: string): unknown {
  const excerpt = excerptOf(index.split("\n"), chart, version);
  if (excerpt !== undefined) return parse(excerpt);
  return wholeIndex.parse(parse(index)).entries[chart];
}

/**
 * The items of one version, cut out by lines: an index of ten megabytes takes half a minute to parse
 * as YAML and one item no time. Undefined where the text is not laid out as Helm writes it.
 */
function excerptOf(lines: readonly string[], chart: string, version: string): string | undefined {
  const heading = lines.indexOf(`  ${chart}:`);
  if (heading === -1) return undefined;
  const below = lines.slice(heading + 1);
  const next = below.findIndex((line) => /^ {0,2}[^\s-]/.test(line));
  const block = next === -1 ? below : below.slice(0, next);
  const bullet = /^ *- /.exec(block[0] ?? "")?.[0];
  if (bullet === undefined) return undefined;
  const items: string[][] = [];
  for (const line of block) {
    if (line.startsWith(bullet)) items.push([]);
    items.at(-1)?.push(line);
  }
  const wanted = items.filter((item) =>
    item.some((line) => isVersion(line, bullet.length, version)),
  );
  return wanted.map((item) => item.join("\n")).join("\n");
}

function isVersion(line: string, indent: number, version: string): boolean {
  const value = /^version: ["']?([^"'\s]+)/.exec(line.slice(indent))?.[1];
  return value !== undefined && plain(value) === plain(version);
}

function plain(version: string): string {
  return version.replace(/^v/, "");
}
