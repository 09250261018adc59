import type { BigIntStats } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import type { Kind } from "./found.ts";
import { type Folder, inside, openFolderIn } from "./open.ts";

/** One entry, looked at and not opened. */
export interface Seen {
  readonly kind: Kind;
  readonly bytes: number;
  /** Same text: same file, not written to in between, as far as the file system tells. */
  readonly identity: string;
  readonly unreadable?: string;
}

/** Entries of a folder that are listed before the rest is left: somebody may have filled it. */
const entryLimit = 10_000;

/**
 * Looks at every entry of a folder. Folders that are not expected are named and not entered.
 * @param expected paths of folders that files are expected in
 */
export async function survey(
  folder: Folder,
  expected: ReadonlySet<string>,
  seen = new Map<string, Seen>(),
  prefix = "",
): Promise<ReadonlyMap<string, Seen>> {
  for await (const { name } of await opendir(inside(folder))) {
    const path = `${prefix}${name}`;
    if (seen.size >= entryLimit) {
      seen.set(
        path,
        unknown("there are more entries than any checkpoint has; no other was looked at"),
      );
      return seen;
    }
    const entry = await look(folder, name);
    seen.set(path, entry);
    if (entry.kind !== "folder" || !expected.has(path)) continue;
    await enter(folder, name, expected, seen, path);
  }
  return seen;
}

async function enter(
  folder: Folder,
  name: string,
  expected: ReadonlySet<string>,
  seen: Map<string, Seen>,
  path: string,
): Promise<void> {
  let below: Folder | undefined;
  try {
    below = await openFolderIn(folder, name);
    await survey(below, expected, seen, `${path}/`);
  } catch (error) {
    seen.set(path, { ...unknown(words(error)), kind: "folder" });
  } finally {
    await below?.handle.close();
  }
}

async function look(folder: Folder, name: string): Promise<Seen> {
  try {
    return seenOf(await lstat(inside(folder, name), { bigint: true }));
  } catch (error) {
    return unknown(words(error));
  }
}

export function seenOf(stats: BigIntStats): Seen {
  const kind = kindOf(stats);
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return {
    kind,
    bytes: kind === "file" ? Number(size) : 0,
    identity: [kind, dev, ino, size, mtimeNs, ctimeNs].join(" "),
  };
}

function kindOf(stats: BigIntStats): Kind {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  if (stats.isSymbolicLink()) return "symbolic link";
  if (stats.isFIFO()) return "FIFO";
  if (stats.isSocket()) return "socket";
  return stats.isBlockDevice() || stats.isCharacterDevice() ? "device" : "unknown";
}

function unknown(unreadable: string): Seen {
  return { kind: "unknown", bytes: 0, identity: "unknown", unreadable };
}

function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? String(error.code) : error.message;
}
