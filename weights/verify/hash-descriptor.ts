import { createHash } from "node:crypto";
import { readSync } from "node:fs";

const chunkBytes = 4 * 1024 * 1024;

/** SHA-256 of an open file from its beginning, in hexadecimal. Blocks the thread it runs on. @param limit bytes */
export function hashDescriptor(descriptor: number, limit: number): string {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(chunkBytes, limit)));
  let position = 0;
  while (position < limit) {
    const read = readSync(descriptor, chunk, 0, Math.min(chunk.length, limit - position), position);
    if (read === 0) break;
    hash.update(chunk.subarray(0, read));
    position += read;
  }
  return hash.digest("hex");
}
