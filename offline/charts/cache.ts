import { createHash, type Hash } from "node:crypto";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

/** Renderings by hash of everything that goes into them. */
export interface RenderCache {
  readonly get: (key: string) => Promise<unknown>;
  readonly set: (key: string, objects: unknown) => Promise<void>;
}

/** The user's own cache; never inside a repository. */
export function chartCacheDirectory(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  return path.join(cache, "private-llm", "charts");
}

export function diskCache(directory: string): RenderCache {
  const fileOf = (key: string) => path.join(directory, `${key}.json`);
  return {
    async get(key) {
      const text = await readFile(fileOf(key), "utf8").catch(() => undefined);
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text);
      } catch {
        // A file cut short by a full disk; rendering again replaces it.
        return undefined;
      }
    },
    async set(key, objects) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const temporary = `${fileOf(key)}.${process.pid}`;
      await writeFile(temporary, JSON.stringify(objects), { mode: 0o600 });
      await rename(temporary, fileOf(key));
    },
  };
}

/** Hash over a chart's bytes and every argument of its rendering. */
export async function renderingKey(chart: string, parts: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  await addTree(hash, chart, "");
  return hash.digest("hex");
}

async function addTree(hash: Hash, root: string, relative: string): Promise<void> {
  const at = path.join(root, relative);
  if ((await stat(at)).isFile()) {
    hash
      .update(relative)
      .update("\0")
      .update(await readFile(at))
      .update("\0");
    return;
  }
  for (const entry of (await readdir(at)).toSorted()) {
    await addTree(hash, root, path.join(relative, entry));
  }
}
