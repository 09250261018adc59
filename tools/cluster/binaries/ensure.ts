import { join } from "node:path";
import { hasCode } from "../lib/files.ts";
import { toolsFolder } from "../lib/paths.ts";
import type { Progress } from "../progress.ts";
import { silentProgress } from "../progress.ts";
import { buildFromSource, diskFull } from "./build.ts";
import { ensureCached } from "./cached.ts";
import { downloadOfficial } from "./download.ts";
import { currentPlatform } from "./platform.ts";
import type { OfficialHosts, Tool, ToolName } from "./table.ts";
import { officialHosts, tools } from "./table.ts";

export interface EnsureOptions {
  /** @default - silent */
  readonly progress?: Progress;
  /** @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** @default - the projects' own download sites */
  readonly hosts?: OfficialHosts;
}

/**
 * The path of exactly the pinned version of a tool: from the cache, else the official binary checked
 * against its published sum, else built from pinned source. Programs on PATH are never picked, since
 * nobody knows what they are.
 */
export async function ensureTool(name: ToolName, options: EnsureOptions = {}): Promise<string> {
  const tool: Tool = tools[name];
  const { progress = silentProgress, env = process.env, hosts = officialHosts } = options;
  const binary = toolPath(name, env);
  try {
    await ensureCached(binary, `${tool.name} ${tool.version}`, progress, (workshop) =>
      obtain(tool, workshop, { progress, env, hosts }),
    );
  } catch (error) {
    throw hasCode(error, "ENOSPC") ? diskFull(tool, env) : error;
  }
  return binary;
}

/** Like `ensureTool` for several, one after the other, since a Go build uses every core
 * by itself. Paths come in the order of the names. */
export async function ensureTools(
  names: readonly ToolName[],
  options: EnsureOptions = {},
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const name of names) paths.push(await ensureTool(name, options));
  return paths;
}

/** Where the pinned version of a tool is cached, whether or not it is there yet. */
export function toolPath(name: ToolName, env: NodeJS.ProcessEnv): string {
  return join(toolsFolder(env), name, tools[name].version, currentPlatform(), name);
}

async function obtain(tool: Tool, workshop: string, options: Required<EnsureOptions>) {
  const { progress, env, hosts } = options;
  const official = tool.official(currentPlatform());
  let noDownload = "no checked binary is published for this platform";
  if (official !== undefined) {
    const result = await downloadOfficial(tool, official, hosts, workshop, progress);
    if (result.kind === "downloaded") return result.file;
    noDownload = result.reason;
  }
  const draft = join(workshop, tool.name);
  await buildFromSource(tool, draft, env, progress, noDownload);
  return draft;
}
