import * as path from "node:path";
import { readManifest } from "../read-manifest.ts";
import { needed, options } from "../usage.ts";
import { faultsText, speedText } from "../verify/report.ts";
import { verify } from "../verify/verify.ts";

export async function runVerify(args: readonly string[]): Promise<number> {
  const given = options(args, { manifest: { type: "string" }, folder: { type: "string" } });
  const file = needed(given.manifest, "manifest");
  const folder = path.resolve(needed(given.folder, "folder"));
  const manifest = await readManifest(file);
  const result = await verify(manifest, folder);
  if (result.faults.length > 0) {
    process.stderr.write(faultsText(folder, result.faults));
    return 1;
  }
  const name = `${manifest.repository}@${manifest.revision}`;
  process.stdout.write(
    `${folder}: is ${name}, ${manifest.files.length} files\n${speedText(result)}\n`,
  );
  return 0;
}
