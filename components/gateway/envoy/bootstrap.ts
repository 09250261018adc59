import { ports } from "../names.ts";
import { healthAddressKey } from "./endpoints.ts";
import { loopback, overloadManager } from "./limits.ts";
import { requestBuckets } from "./request-metrics.ts";
import {
  address,
  type Bootstrap,
  type Cluster,
  type Listener,
  type NamedExtension,
} from "./types.ts";

/** What all proxies have in common: nobody but the proxy itself reaches its admin interface. */
export function bootstrap(
  listeners: readonly Listener[],
  clusters: readonly Cluster[],
  extensions: readonly NamedExtension[] = [],
): Bootstrap {
  return {
    // Names of pod and proxy come by the command line; this is how the controller learns where checks go.
    node: { metadata: { [healthAddressKey]: address(loopback, ports.health) } },
    admin: { address: address(loopback, ports.admin) },
    static_resources: { listeners, clusters },
    overload_manager: overloadManager(),
    stats_config: requestBuckets,
    ...(extensions.length === 0 ? {} : { bootstrap_extensions: extensions }),
  };
}
