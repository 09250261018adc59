import { chmod, mkdir, open, rename } from "node:fs/promises";
import * as path from "node:path";
import { foldersOf, type Manifest } from "../../components/lib/weights/manifest.ts";

/** Folders of a checkpoint, each once, those above first. */
export function foldersIn({ files }: Manifest): readonly string[] {
  const all = new Set(files.flatMap((file) => foldersOf(file.path)));
  return [...all].toSorted((a, b) => a.split("/").length - b.split("/").length);
}

/** Makes the folders that files are put into; a run that was ended may have left them closed. */
export async function makeStaging(staging: string, manifest: Manifest): Promise<void> {
  for (const folder of ["", ...foldersIn(manifest)]) {
    const whole = path.join(staging, folder);
    await mkdir(whole, { recursive: true, mode: 0o755 });
    await chmod(whole, 0o755);
  }
}

/** Makes a verified folder read-only and puts it in its place in one step, where it survives a power cut. */
export async function publish(staging: string, manifest: Manifest, target: string): Promise<void> {
  for (const file of manifest.files) await chmod(path.join(staging, file.path), 0o444);
  for (const folder of [...foldersIn(manifest).toReversed(), ""]) {
    const whole = path.join(staging, folder);
    await chmod(whole, 0o555);
    await sync(whole);
  }
  await rename(staging, target);
  await sync(path.dirname(target));
}

async function sync(folder: string): Promise<void> {
  await using handle = await open(folder);
  await handle.sync();
}
