import { KubeConfig, Watch } from "@kubernetes/client-node";
import { connectTo, type KubeClient } from "../../deploy/api/client.ts";

/** The API server, with credentials that may change while the process runs. */
export interface Cluster {
  /** For one request or a few; not to be kept. */
  client(): Promise<KubeClient>;
  watch(): Watch;
}

/** The kubelet renews a pod's token long before its hour is over. */
const longestUse = 5 * 60_000;

export function cluster(
  { kubeconfig, context }: { readonly kubeconfig?: string; readonly context?: string },
  now: () => number,
): Cluster {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromCluster();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  let made: { readonly client: Promise<KubeClient>; readonly at: number } | undefined;
  return {
    client: () => {
      if (made === undefined || now() - made.at > longestUse) {
        made = { client: connectTo(config), at: now() };
        made.client.catch(() => {
          made = undefined;
        });
      }
      return made.client;
    },
    watch: () => new Watch(config),
  };
}
