import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";

/** Makes every example in the locks of a copy of the repository count as read. */
export async function locksRead(folder: string): Promise<void> {
  for (const name of ["stacks/digests.lock.json", "stacks/weights.lock.json"]) {
    const file = path.join(folder, name);
    const entries: unknown = JSON.parse(await readFile(file, "utf8"), (key, value: unknown) =>
      key === "example" ? undefined : value,
    );
    await writeFile(file, JSON.stringify(entries));
  }
}
