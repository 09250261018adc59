import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

/** A file that is not whole yet, with the hash of what is there. */
export interface Partial {
  readonly handle: FileHandle;
  length: number;
  hash: Hash;
  /** The source's mark of the contents that it began with; undefined: it gave none that can be relied on. */
  etag: string | undefined;
}

/** Opens what an earlier run left and reads it again: it may have been cut off anywhere. @param limit bytes of the whole file */
export async function openPartial(file: string, limit: number): Promise<Partial> {
  const handle = await open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error(`${file}: is no file; remove it`);
    const partial = { handle, length: 0, hash: createHash("sha256"), etag: undefined };
    if (stats.size > limit) await startOver(partial);
    else await readAgain(partial, stats.size);
    return partial;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readAgain(partial: Partial, size: number): Promise<void> {
  const chunk = Buffer.allocUnsafe(4 * 1024 * 1024);
  while (partial.length < size) {
    const { bytesRead } = await partial.handle.read(chunk, 0, chunk.length, partial.length);
    if (bytesRead === 0) break;
    partial.hash.update(chunk.subarray(0, bytesRead));
    partial.length += bytesRead;
  }
}

export async function append(partial: Partial, chunk: Buffer): Promise<void> {
  let written = 0;
  while (written < chunk.length) {
    const { bytesWritten } = await partial.handle.write(
      chunk,
      written,
      chunk.length - written,
      partial.length,
    );
    partial.hash.update(chunk.subarray(written, written + bytesWritten));
    partial.length += bytesWritten;
    written += bytesWritten;
  }
}

export async function startOver(partial: Partial): Promise<void> {
  await partial.handle.truncate(0);
  partial.length = 0;
  partial.hash = createHash("sha256");
  partial.etag = undefined;
}
