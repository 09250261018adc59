import type { FileHandle } from "node:fs/promises";
import { posix } from "node:path";
import {
  foldersOf,
  type Manifest,
  type ManifestFile,
} from "../../components/lib/weights/manifest.ts";
import type { Found } from "./found.ts";
import { type Hasher, hashersFor } from "./hashers.ts";
import { type Fault, judge } from "./judge.ts";
import { type Folder, openFileIn, openFolder, openFolderIn } from "./open.ts";
import { type Seen, seenOf, survey } from "./survey.ts";

export interface Verification {
  readonly faults: readonly Fault[];
  /** Bytes that were read. */
  readonly bytes: number;
  readonly seconds: number;
}

interface Hashed {
  readonly sha256?: string;
  readonly unreadable?: string;
  /** As seen on the open file after it was read. */
  readonly identity?: string;
}

/**
 * Compares a folder with its manifest.
 * @param given absolute path of the folder
 * @param read called when a file was hashed; for tests, which change files there
 * @throws Error where the folder cannot be opened without following a link
 */
export async function verify(
  manifest: Manifest,
  given: string,
  read: (path: string) => Promise<void> = async () => {},
): Promise<Verification> {
  const start = performance.now();
  const folder = await openFolder(given);
  try {
    const expected = new Set(manifest.files.flatMap((file) => foldersOf(file.path)));
    const before = await survey(folder, expected);
    const worthReading = manifest.files.filter((file) => isWorthReading(file, before));
    const hashed = await hashAll(folder, worthReading, before, read);
    const after = await survey(folder, expected);
    const found = foundFrom(before, hashed, after);
    const bytes = worthReading.reduce((sum, file) => sum + file.bytes, 0);
    return { faults: judge(manifest, found), bytes, seconds: (performance.now() - start) / 1000 };
  } finally {
    await folder.handle.close();
  }
}

/** A file of the wrong size is wrong already. */
function isWorthReading(file: ManifestFile, seen: ReadonlyMap<string, Seen>): boolean {
  const entry = seen.get(file.path);
  return entry?.kind === "file" && entry.bytes === file.bytes;
}

async function hashAll(
  folder: Folder,
  files: readonly ManifestFile[],
  before: ReadonlyMap<string, Seen>,
  read: (path: string) => Promise<void>,
): Promise<ReadonlyMap<string, Hashed>> {
  const hashers = hashersFor(files.reduce((sum, { bytes }) => sum + bytes, 0));
  const hashed = new Map<string, Hashed>();
  // The largest first, so that no thread is left with one at the end; one iterator for all.
  const queue = files.toSorted((a, b) => b.bytes - a.bytes).values();
  const work = async (hasher: Hasher) => {
    for (const file of queue) {
      hashed.set(file.path, await hashOne(folder, file, before.get(file.path), hasher));
      await read(file.path);
    }
  };
  try {
    await Promise.all(hashers.map(work));
  } finally {
    await Promise.all(hashers.map((hasher) => hasher.close()));
  }
  return hashed;
}

async function hashOne(
  root: Folder,
  file: ManifestFile,
  before: Seen | undefined,
  hasher: Hasher,
): Promise<Hashed> {
  try {
    await using handle = await openBelow(root, file.path);
    const opened = seenOf(await handle.stat({ bigint: true }));
    if (opened.identity !== before?.identity) return { identity: opened.identity };
    const sha256 = await hasher.hash(handle.fd, file.bytes);
    return { sha256, identity: seenOf(await handle.stat({ bigint: true })).identity };
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** Opens a file folder by folder, so that none of them is a link. */
async function openBelow(root: Folder, name: string): Promise<FileHandle> {
  const opened: Folder[] = [];
  try {
    let folder = root;
    for (const step of posix.dirname(name).split("/")) {
      if (step === ".") continue;
      folder = await openFolderIn(folder, step);
      opened.push(folder);
    }
    return await openFileIn(folder, posix.basename(name));
  } finally {
    for (const { handle } of opened) await handle.close();
  }
}

/** What was there at any time; an entry that came or went meanwhile is not steady. */
function foundFrom(
  before: ReadonlyMap<string, Seen>,
  hashed: ReadonlyMap<string, Hashed>,
  after: ReadonlyMap<string, Seen>,
): Found[] {
  const all = new Map([...after, ...before]);
  return [...all].map(([name, entry]) => {
    const own = hashed.get(name);
    const identities = [before.get(name)?.identity, after.get(name)?.identity];
    if (own !== undefined && own.unreadable === undefined) identities.push(own.identity);
    return {
      path: name,
      kind: entry.kind,
      bytes: entry.bytes,
      sha256: own?.sha256,
      steady: identities.every((identity) => identity === entry.identity),
      unreadable: entry.unreadable ?? own?.unreadable,
    };
  });
}
