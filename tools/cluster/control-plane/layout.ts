import { join } from "node:path";
import { stateRoot } from "../lib/paths.ts";
import type { ComponentName } from "./components.ts";

/** Where the parts of one cluster lie; every path is below `root`, except the lock. */
export interface Layout {
  readonly root: string;
  /** Beside the folder, so that `reset` can hold it while the folder goes away. */
  readonly lock: string;
  readonly record: string;
  readonly pki: string;
  readonly etcdData: string;
  readonly kubeconfig: string;
  readonly userConfigs: string;
  readonly processes: string;
  readonly logs: string;
}

const namePattern = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;

export function isClusterName(name: string): boolean {
  return namePattern.test(name);
}

/** @throws where the name cannot be a folder and a part of a kubeconfig context */
export function clusterLayout(name: string, env: NodeJS.ProcessEnv): Layout {
  if (!isClusterName(name)) {
    throw new Error(
      `cluster name "${name}": use 1 to 40 lower-case letters, digits and inner hyphens, such as "dev"`,
    );
  }
  const clusters = clustersFolder(env);
  const root = join(clusters, name);
  return {
    root,
    lock: join(clusters, `.${name}.lock`),
    record: join(root, "cluster.json"),
    pki: join(root, "pki"),
    etcdData: join(root, "etcd"),
    kubeconfig: join(root, "kubeconfig"),
    userConfigs: join(root, "users"),
    processes: join(root, "processes"),
    logs: join(root, "logs"),
  };
}

export function clustersFolder(env: NodeJS.ProcessEnv): string {
  return join(stateRoot(env), "clusters");
}

export function logFile(layout: Layout, component: ComponentName): string {
  return join(layout.logs, `${component}.log`);
}
