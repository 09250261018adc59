import * as path from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { dataPlaneStack, ensureDataPlane } from "../../deploy/data-plane/ensure.ts";
import type { Target } from "../../deploy/target/target.ts";
import type { StackConfig } from "../../infra/config/parse.ts";
import type { Progress } from "../../tools/cluster/progress.ts";
import { repositoryRoot } from "./repository.ts";

/**
 * Runs the gateway of a stack on this machine, where its cluster is local and it has a gateway.
 * @returns lines that say how to call it; none where there is nothing to call
 */
export async function startDataPlane(
  config: StackConfig,
  { own, client, kubeconfig }: Target,
  progress: Progress,
): Promise<readonly string[]> {
  const stack = config.layer === "platform" ? dataPlaneStack(config) : undefined;
  if (own === undefined || stack === undefined) return [];
  const admin = new KubeConfig();
  admin.loadFromFile(kubeconfig);
  const { authority, clients, started, uncounted } = await ensureDataPlane(stack, {
    client,
    kubeconfig,
    serverAuthority: admin.getCurrentCluster()?.caData ?? "",
    clusterFolder: path.dirname(kubeconfig),
    repository: repositoryRoot,
    progress,
    env: process.env,
  });
  progress.step(
    started === 0
      ? "data plane: runs as the stack wants it"
      : `data plane: ${started} processes started`,
  );
  return [
    ...clients.map(({ name, url }) => `${url}  ${name}`),
    `certificate authority: ${authority}`,
    ...(uncounted === undefined ? [] : [`not counted: ${uncounted}`]),
    "a key: npm run keys -- issue --team TEAM --class CLASS",
  ];
}
