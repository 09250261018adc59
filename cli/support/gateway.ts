import type { KubeClient } from "../../deploy/api/client.ts";
import { liveTarget } from "../../deploy/live/target.ts";
import { platformOnly, stackConfig } from "../../deploy/stack-config.ts";
import { readStackFile } from "../../offline/stack-file.ts";
import type { LiveOptions } from "./live.ts";
import { repositoryRoot } from "./repository.ts";
import { chosenStacks } from "./stacks.ts";
import { userPath } from "./user-path.ts";

/** The gateway of a running stack; nothing is started for it. */
export async function liveGateway({
  stack,
  context,
  kubeconfig,
}: LiveOptions): Promise<{ readonly client: KubeClient; readonly namespace: string }> {
  await chosenStacks([stack]);
  const config = platformOnly(stackConfig(await readStackFile(repositoryRoot, stack)), stack);
  const { client } = await liveTarget({
    stack,
    cluster: config.cluster,
    context,
    kubeconfig: kubeconfig === undefined ? undefined : userPath(kubeconfig),
    env: process.env,
  });
  return { client, namespace: config.namespaces.gateway };
}
