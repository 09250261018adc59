import { access, constants, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode, publishExecutable } from "../lib/files.ts";
import { withLock } from "../lib/lock.ts";
import type { Progress } from "../progress.ts";

/**
 * Puts an executable at its place in the cache unless it is there already. One process at a time; what
 * is half done never appears under that name.
 * @param label the program and its version, for the one who waits
 * @param obtain makes the executable somewhere in the folder it is given and says where
 */
export async function ensureCached(
  binary: string,
  label: string,
  progress: Progress,
  obtain: (workshop: string) => Promise<string>,
): Promise<void> {
  if (await isExecutable(binary)) return;
  const folder = dirname(binary);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await withLock(join(folder, "lock"), `preparing ${label}`, progress, async () => {
    if (await isExecutable(binary)) return;
    const workshop = join(folder, "unfinished");
    // What an interrupted run left is of no use: neither downloads nor builds resume from it.
    await rm(workshop, { recursive: true, force: true });
    await mkdir(workshop);
    try {
      await publishExecutable(await obtain(workshop), binary);
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
    progress.step(`${label}: ready`);
  });
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}
