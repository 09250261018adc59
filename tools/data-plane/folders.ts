import { join } from "node:path";

/** Where the local data plane of a cluster lies; it goes away with the cluster's own folder. */
export function dataPlaneFolder(clusterFolder: string): string {
  return join(clusterFolder, "data-plane");
}

/** Which processes it consists of. */
export function dataPlaneRecords(clusterFolder: string): string {
  return join(dataPlaneFolder(clusterFolder), "processes");
}
