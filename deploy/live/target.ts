import type { PlatformCluster } from "../../infra/config/platform.ts";
import { clusterStatus } from "../../tools/cluster/cluster.ts";
import { DeployError } from "../errors.ts";
import { contextTarget, kubeconfigFiles, ownCluster, type Target } from "../target/target.ts";

export interface LiveTargetOptions {
  readonly stack: string;
  readonly cluster: PlatformCluster;
  /** Value of `--context`. */
  readonly context: string | undefined;
  /** Value of `--kubeconfig`, as an absolute path. */
  readonly kubeconfig: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The running cluster of a stack; nothing is started for it. A local stack means its own cluster, unless
 * a kubeconfig or context is named.
 * @throws DeployError where no cluster runs, or the kubeconfig points at another than the stack's
 */
export async function liveTarget(options: LiveTargetOptions): Promise<Target> {
  const { stack, cluster, context, kubeconfig, env } = options;
  const own = kubeconfig === undefined ? ownCluster({ cluster, context }) : undefined;
  return contextTarget({
    stack,
    stackContext: "context" in cluster ? cluster.context : undefined,
    asked: context,
    files:
      own === undefined
        ? kubeconfig === undefined
          ? kubeconfigFiles(env)
          : [kubeconfig]
        : [await ownKubeconfig(own, stack, env)],
  });
}

async function ownKubeconfig(own: string, stack: string, env: NodeJS.ProcessEnv): Promise<string> {
  const status = await clusterStatus(own, env);
  if (status.state === "absent" || status.state === "stopped") {
    throw new DeployError(
      `local cluster ${own} of stack ${stack} does not run; start it with make up, or name another with --kubeconfig FILE`,
    );
  }
  return status.kubeconfig;
}
