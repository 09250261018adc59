import { homedir } from "node:os";
import * as path from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { PlatformCluster } from "../../infra/config/platform.ts";
import { clusterStatus, startCluster } from "../../tools/cluster/cluster.ts";
import { exists } from "../../tools/cluster/lib/files.ts";
import type { Progress } from "../../tools/cluster/progress.ts";
import { dataPlaneRecords } from "../../tools/data-plane/folders.ts";
import { runningServices } from "../../tools/data-plane/recorded.ts";
import { connectTo, type KubeClient } from "../api/client.ts";
import { DeployError } from "../errors.ts";
import { decideContext, localClusterName } from "./context.ts";

/** A cluster to deploy to. */
export interface Target {
  /** Name of the local cluster; `undefined` for a cluster that this tool did not make. */
  readonly own: string | undefined;
  /** Value for KUBECONFIG. */
  readonly kubeconfig: string;
  readonly context: string;
  readonly client: KubeClient;
}

export interface TargetOptions {
  readonly stack: string;
  readonly cluster: PlatformCluster;
  /** Value of `--context`. */
  readonly context: string | undefined;
  readonly progress: Progress;
  readonly env: NodeJS.ProcessEnv;
}

/** Name of the local cluster that a stack means; `undefined` where it means any other. */
export function ownCluster({
  cluster,
  context,
}: Pick<TargetOptions, "cluster" | "context">): string | undefined {
  if (cluster.kind !== "local") return undefined;
  return context === undefined || context === cluster.context
    ? localClusterName(cluster.context)
    : undefined;
}

/**
 * The stack's cluster, started where it is local.
 * @throws DeployError where the kubeconfig points at another cluster than the stack
 */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const own = ownCluster(options);
  return own === undefined ? kubeconfigTarget(options) : localTarget(own, options);
}

/** KUBECONFIG is never looked at here: it belongs to whatever else the user works on. */
async function localTarget(
  own: string,
  { cluster, progress, env }: TargetOptions,
): Promise<Target> {
  const { podCidr, serviceCidr } = cluster.network;
  const { kubeconfig, context } = await startCluster({
    name: own,
    progress,
    env,
    podCidr,
    serviceCidr,
  });
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return { own, kubeconfig, context, client: await connectTo(config) };
}

function kubeconfigTarget({ stack, cluster, context: asked, env }: TargetOptions): Promise<Target> {
  return contextTarget({
    stack,
    stackContext: cluster.kind === "bare-metal" ? cluster.context : undefined,
    asked,
    files: kubeconfigFiles(env),
  });
}

export interface ContextChoice {
  readonly stack: string;
  /** Context that the stack file names; `undefined` where it names none. */
  readonly stackContext: string | undefined;
  /** Value of `--context`. */
  readonly asked: string | undefined;
  /** Kubeconfigs, merged as kubectl merges them. */
  readonly files: readonly string[];
}

/**
 * A cluster that this tool did not make, by the context that is meant.
 * @throws DeployError where that is in doubt
 */
export async function contextTarget({
  stack,
  stackContext,
  asked,
  files,
}: ContextChoice): Promise<Target> {
  const config = await load(files);
  const context = decideContext({
    stack,
    stackContext,
    asked,
    current: config.getCurrentContext() === "" ? undefined : config.getCurrentContext(),
    contexts: config.getContexts().map(({ name, cluster: entry }) => ({
      name,
      server: config.getCluster(entry)?.server ?? "no server",
    })),
    file: files.join(path.delimiter),
  });
  config.setCurrentContext(context);
  return {
    own: undefined,
    kubeconfig: files.join(path.delimiter),
    context,
    client: await connectTo(config),
  };
}

/** The files that kubectl would read. */
export function kubeconfigFiles(env: NodeJS.ProcessEnv): string[] {
  const given = (env["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  return given.length > 0 ? given : [path.join(env["HOME"] ?? homedir(), ".kube", "config")];
}

async function load(files: readonly string[]): Promise<KubeConfig> {
  const merged = new KubeConfig();
  let found = false;
  for (const file of files) {
    if (!(await exists(file))) continue;
    const config = new KubeConfig();
    try {
      config.loadFromFile(file);
      if (found) merged.mergeConfig(config, true);
      else merged.loadFromFile(file);
    } catch (error) {
      throw new DeployError(
        `${file} is not a kubeconfig: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    found = true;
  }
  if (found) return merged;
  throw new DeployError(
    `${files.join(", ")}: no kubeconfig there; set KUBECONFIG to the one of the cluster that this stack belongs to`,
  );
}

/** Processes of a local cluster that really run, as `name (process 123)`. */
export async function realProcesses(own: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const status = await clusterStatus(own, env);
  if (status.state === "absent") return [];
  const controlPlane = status.processes
    .filter(({ state }) => state === "running")
    .map(({ component, pid }) => `${component} (process ${pid ?? "?"})`);
  const dataPlane = await runningServices(dataPlaneRecords(status.folder));
  return [...controlPlane, ...dataPlane.map(({ name, pid }) => `${name} (process ${pid})`)];
}
