import { open } from "node:fs/promises";
import {
  type Manifest,
  manifestByteLimit,
  parseManifest,
  tooLong,
  WeightsManifestError,
} from "../components/lib/weights/manifest.ts";

/**
 * Reads no more than a manifest may be long, whatever the file says its size is. Links are followed: a ConfigMap is
 * mounted by way of one, and whoever writes manifests is trusted.
 * @throws WeightsManifestError
 */
export async function readManifest(file: string): Promise<Manifest> {
  return parseManifest(await boundedText(file), file);
}

async function boundedText(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const stats = await handle.stat();
    if (!stats.isFile()) throw new WeightsManifestError(`${file}: is no regular file`);
    const buffer = Buffer.alloc(manifestByteLimit + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > manifestByteLimit) {
      throw new WeightsManifestError(tooLong(file, Math.max(length, stats.size)));
    }
    return buffer.toString("utf8", 0, length);
  } catch (error) {
    if (error instanceof WeightsManifestError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WeightsManifestError(`${file}: cannot be read (${reason})`);
  }
}
