import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { hasCode } from "./lib/files.ts";

const downloadSchema = z.object({ Dir: z.string().optional(), Error: z.string().optional() });

/**
 * The folder in the Go module cache with the files of a pinned module, downloaded and checked
 * against `go.sum` where it is not there yet.
 * @param pin folder below `tools/cluster` whose go.mod requires the module
 */
export async function moduleFolder(
  pin: "runtime" | "manifests",
  module: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", module], {
    cwd: join(import.meta.dirname, pin),
    env: { ...env, GOWORK: "off" },
  }).catch((error: unknown) => {
    throw explained(module, error);
  });
  const { Dir, Error: reason } = downloadSchema.parse(JSON.parse(stdout));
  if (Dir === undefined) throw explained(module, reason);
  return Dir;
}

function explained(module: string, error: unknown): Error {
  if (hasCode(error, "ENOENT")) {
    return new Error(
      `${module}: its files come from the Go module cache, and no "go" command is on PATH. ` +
        "Install Go 1.26 or later (https://go.dev/dl)",
    );
  }
  const output = z.object({ stdout: z.string(), stderr: z.string() }).safeParse(error);
  const reason = output.success ? `${output.data.stdout}${output.data.stderr}` : String(error);
  return new Error(
    `${module}: cannot be read from the Go module cache or downloaded: ${reason.trim()}. ` +
      'Check GOPROXY ("go env GOPROXY") and the network',
    { cause: error },
  );
}
