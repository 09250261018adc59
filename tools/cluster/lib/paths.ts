import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

const product = "private-llm";

/** Tools and other things that can be made again. */
function cacheRoot(env: NodeJS.ProcessEnv): string {
  return join(base(env["XDG_CACHE_HOME"], ".cache"), product);
}

export function toolsFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheRoot(env), "tools");
}

/** Clusters: their keys, data and logs. */
export function stateRoot(env: NodeJS.ProcessEnv): string {
  return join(base(env["XDG_STATE_HOME"], join(".local", "state")), product);
}

/** The XDG specification says that a relative value is invalid and to be ignored. */
function base(configured: string | undefined, underHome: string): string {
  return configured !== undefined && isAbsolute(configured)
    ? configured
    : join(homedir(), underHome);
}
