import { ensureTool } from "../../tools/cluster/binaries/ensure.ts";
import { consoleProgress } from "../../tools/cluster/progress.ts";

/** The pinned Helm; built on first use and kept in the user's cache. */
export function helm(): Promise<string> {
  return ensureTool("helm", { progress: consoleProgress() });
}
