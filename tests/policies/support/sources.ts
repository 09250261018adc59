import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { repository } from "../../support/repository-copy.ts";

export interface Source {
  /** Path inside the repository. */
  readonly file: string;
  readonly text: string;
}

/** Every TypeScript and JavaScript file below a folder of the repository. */
export async function sources(folder: string): Promise<readonly Source[]> {
  const names = await readdir(path.join(repository, folder), { recursive: true });
  const files = names.filter((name) => /\.[jt]s$/.test(name)).toSorted();
  return Promise.all(
    files.map(async (name) => ({
      file: path.join(folder, name),
      text: await readFile(path.join(repository, folder, name), "utf8"),
    })),
  );
}
