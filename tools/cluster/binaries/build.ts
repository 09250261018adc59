import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasCode } from "../lib/files.ts";
import { toolsFolder } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import type { Progress } from "../progress.ts";
import { withTicks } from "../progress.ts";
import type { Tool } from "./table.ts";

const modulesRoot = join(import.meta.dirname, "..");

/**
 * Compiles a tool from the source that its module's `go.sum` pins.
 * @param draft file to write; its folder exists
 * @param noDownload why no official binary was used, for the error where Go is missing as well
 */
export async function buildFromSource(
  tool: Tool,
  draft: string,
  env: NodeJS.ProcessEnv,
  progress: Progress,
  noDownload: string,
): Promise<void> {
  const label = `${tool.name} ${tool.version}: building from source`;
  progress.step(`${label} (once per version; ${noDownload})`);
  const { code, output } = await withTicks(
    progress,
    (seconds) => `${label}, ${seconds} s`,
    run("go", buildArguments(tool, draft), {
      cwd: join(modulesRoot, tool.module),
      // A go.work file further up would replace the pinned versions by its own.
      env: { ...env, CGO_ENABLED: "0", GOWORK: "off" },
    }),
  ).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) throw missingGo(tool, env, noDownload);
    throw error;
  });
  if (code === 0) return;
  if (/no space left on device|ENOSPC/i.test(output)) throw diskFull(tool, env);
  throw new Error(
    `${tool.name} ${tool.version}: "go build" ended with ${code ?? "a signal"} in ` +
      `${join(modulesRoot, tool.module)}:\n${output.trim()}`,
  );
}

function buildArguments(tool: Tool, draft: string): string[] {
  return [
    "build",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    "-ldflags",
    tool.ldflags,
    "-o",
    draft,
    tool.package,
  ];
}

function missingGo(tool: Tool, env: NodeJS.ProcessEnv, noDownload: string): Error {
  return new Error(
    `${tool.name} ${tool.version}: no official binary (${noDownload}) and no "go" command on PATH. ` +
      "Either install Go 1.26 or later (https://go.dev/dl), or run once with the network open and " +
      `keep the cache folder (${toolsFolder(env)})`,
  );
}

/** What to say where the disk is full, be it during the build or before. */
export function diskFull(tool: Tool, env: NodeJS.ProcessEnv): Error {
  return new Error(
    `${tool.name} ${tool.version}: no space left on device while preparing it for ${toolsFolder(env)}. ` +
      `Free about 3 GB there, in the Go build cache ("go env GOCACHE") and in ${tmpdir()}, or point ` +
      "XDG_CACHE_HOME, GOCACHE and TMPDIR at a larger disk, and run again; nothing was left behind",
  );
}
