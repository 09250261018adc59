import { dirname } from "node:path/posix";
import { xdsCluster } from "../names.ts";
import type { ConfigSource, Duration } from "./types.ts";

/** A file that Envoy reads anew when its folder changes, as kubelet changes it. */
export function fileSource(path: string): ConfigSource {
  return {
    resource_api_version: "V3",
    path_config_source: { path, watched_directory: { path: dirname(path) } },
  };
}

/**
 * The route controller. Without its first answer a proxy never gets ready; without later ones it goes on with
 * the last.
 */
export function controllerSource(refresh: Duration): ConfigSource {
  return {
    resource_api_version: "V3",
    initial_fetch_timeout: "0s",
    api_config_source: {
      api_type: "REST",
      transport_api_version: "V3",
      cluster_names: [xdsCluster],
      refresh_delay: refresh,
      request_timeout: "1s",
    },
  };
}
