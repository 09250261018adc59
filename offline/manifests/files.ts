import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";

/** A folder of tools or history, never of manifests. */
const passedOver = new Set([".git", "node_modules"]);

const manifestName = /\.(?:ya?ml|json)$/i;

/** A place that could not be looked into. */
export interface UnreadablePlace {
  readonly file: string;
  readonly reason: string;
}

export interface ManifestFiles {
  /** In alphabetical order of their paths. */
  readonly files: readonly string[];
  readonly unreadable: readonly UnreadablePlace[];
}

/** Every YAML and JSON file at or below the path. Symbolic links are followed, each folder once. */
export async function manifestFiles(start: string): Promise<ManifestFiles> {
  const files: string[] = [];
  const unreadable: UnreadablePlace[] = [];
  const entered = new Set<string>();
  await visit(start, true);
  return { files, unreadable };

  async function visit(place: string, named: boolean): Promise<void> {
    try {
      const facts = await stat(place);
      if (facts.isDirectory()) return await enter(place);
      // What the user names is read whatever it is called; below that, names decide.
      if (named || manifestName.test(place)) files.push(place);
    } catch (error) {
      unreadable.push({ file: place, reason: reasonOf(error) });
    }
  }

  async function enter(folder: string): Promise<void> {
    const real = await realpath(folder);
    if (entered.has(real)) return;
    entered.add(real);
    const names = (await readdir(folder)).filter((name) => !passedOver.has(name)).toSorted();
    for (const name of names) await visit(path.join(folder, name), false);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
      return "does not exist, or is a link that leads nowhere";
    case "EACCES":
      return "cannot be read: permission denied";
    case "ELOOP":
      return "is a link that leads back to itself";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
