import { stat } from "node:fs/promises";
import { dayOf } from "../../components/lib/day.ts";
import { chartCacheDirectory, diskCache } from "../../offline/charts/cache.ts";
import type { CheckSurroundings } from "../../offline/check.ts";
import { repositoryRoot } from "./repository.ts";
import { UsageError } from "./usage.ts";
import { userPath } from "./user-path.ts";

/**
 * What reading stacks needs from this machine.
 * @param charts value of `--charts`; falls back to `CHARTS_DIR`
 */
export async function surroundings(charts: string | undefined): Promise<CheckSurroundings> {
  const given = charts ?? process.env["CHARTS_DIR"];
  return {
    root: repositoryRoot,
    charts: given === undefined || given === "" ? undefined : await folder(given),
    helm: async () => {
      const { ensureTool } = await import("../../tools/cluster/binaries/ensure.ts");
      const { consoleProgress } = await import("../../tools/cluster/progress.ts");
      return ensureTool("helm", { progress: consoleProgress() });
    },
    cache: diskCache(chartCacheDirectory()),
    today: dayOf(new Date()),
  };
}

async function folder(given: string): Promise<string> {
  const at = userPath(given);
  const found = await stat(at).catch(() => undefined);
  if (found?.isDirectory() === true) return at;
  throw new UsageError(
    `--charts ${given}: ${found === undefined ? "does not exist" : "is not a folder"}; give a folder that holds charts as <name>/ or <name>-<version>.tgz`,
  );
}
