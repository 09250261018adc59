import { dayOf } from "../../components/lib/day.ts";
import { DeployError } from "../../deploy/errors.ts";
import { liveReport } from "../../deploy/live/check.ts";
import { readCluster } from "../../deploy/live/read.ts";
import { liveTarget } from "../../deploy/live/target.ts";
import { platformOnly, stackConfig } from "../../deploy/stack-config.ts";
import type { StackReport } from "../../offline/report/stack-report.ts";
import { readStackFile } from "../../offline/stack-file.ts";
import { settingsFromStackConfig } from "../../policies/settings/stack-settings.ts";
import { consoleProgress } from "../../tools/cluster/progress.ts";
import { repositoryRoot } from "./repository.ts";
import { UsageError } from "./usage.ts";
import { userPath } from "./user-path.ts";

export interface LiveOptions {
  readonly stack: string;
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
}

/**
 * Reads a running cluster and judges it by a stack's settings.
 * @throws UsageError where there is no verdict: no cluster, the wrong one, or settings nobody can read
 */
export async function checkLive({ stack, context, kubeconfig }: LiveOptions): Promise<StackReport> {
  const file = await readStackFile(repositoryRoot, stack);
  if (file.undecidable.length > 0) {
    throw new UsageError(`${file.file}: ${file.undecidable.join("; ")}`);
  }
  const settings = settingsFromStackConfig(file.values);
  const progress = consoleProgress();
  try {
    const { cluster } = platformOnly(stackConfig(file), stack);
    const hosts = cluster.kind === "bare-metal" ? cluster.hosts : [];
    const target = await liveTarget({
      stack,
      cluster,
      context,
      kubeconfig: kubeconfig === undefined ? undefined : userPath(kubeconfig),
      env: process.env,
    });
    const start = performance.now();
    const live = await readCluster(target.client, progress);
    progress.step(`${stack}: read ${live.found.length} objects on ${target.client.server}`);
    const readMilliseconds = performance.now() - start;
    return liveReport(live, {
      file,
      settings,
      hosts,
      target,
      today: dayOf(new Date()),
      readMilliseconds,
    });
  } catch (error) {
    // No verdict, whatever exit code a deployment would give it.
    if (error instanceof DeployError) throw new UsageError(error.message);
    throw error;
  }
}
