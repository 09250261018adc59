import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import * as path from "node:path";

/** An open folder. Names are looked up in it, not along its path, which somebody could lead elsewhere meanwhile. */
export interface Folder {
  readonly path: string;
  readonly handle: FileHandle;
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Opens a folder, refusing a link at every step from the root.
 * @param given absolute
 * @throws Error naming the step
 */
export async function openFolder(given: string): Promise<Folder> {
  const { root } = path.parse(given);
  const steps = path
    .relative(root, given)
    .split(path.sep)
    .filter((step) => step !== "");
  let folder: Folder = { path: root, handle: await open(root, O_RDONLY | O_DIRECTORY) };
  for (const step of steps) {
    const above = folder;
    try {
      folder = await openFolderIn(above, step);
    } catch (error) {
      throw new Error(`${path.join(above.path, step)}: ${linkReason(error)}`, { cause: error });
    } finally {
      await above.handle.close();
    }
  }
  return folder;
}

export async function openFolderIn(folder: Folder, name: string): Promise<Folder> {
  const handle = await open(inside(folder, name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  return { path: path.join(folder.path, name), handle };
}

/** Without waiting: whoever opens a FIFO waits for its writer otherwise. */
export function openFileIn(folder: Folder, name: string): Promise<FileHandle> {
  return open(inside(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
}

/**
 * Path of a name in an open folder. Linux resolves it from the folder itself (what openat(2) does, which Node has
 * not); elsewhere it is the ordinary path, and a folder swapped meanwhile shows in the second look alone.
 */
export function inside(folder: Folder, name = ""): string {
  if (process.platform !== "linux") return path.join(folder.path, name);
  return `/proc/self/fd/${folder.handle.fd}/${name}`;
}

function linkReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ELOOP" || code === "ENOTDIR") {
    return "is a symbolic link or no folder; give the path without links";
  }
  return code === "ENOENT"
    ? "does not exist"
    : error instanceof Error
      ? error.message
      : String(error);
}
