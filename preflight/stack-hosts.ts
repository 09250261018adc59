import { activeGpuHosts, type GpuHost } from "../components/cluster/bare-metal/inventory.ts";
import { servedCheckpoint } from "../components/lib/models/checkpoint.ts";
import { driverOf } from "../infra/config/fit.ts";
import type { PlatformConfig } from "../infra/config/platform.ts";
import { type ExpectedHost, expectedHost } from "./expected.ts";

/**
 * What the hosts of a stack are held against: those that take pods, or the one that is named, which may
 * be drained: a new host is looked at before it takes any.
 * @returns a message where there is no such host
 */
export function expectedHosts(
  stack: PlatformConfig,
  named: string | undefined,
): readonly ExpectedHost[] | string {
  const { cluster } = stack;
  if (cluster.kind !== "bare-metal") {
    return `its cluster is of kind ${cluster.kind}; preflight is for kind bare-metal`;
  }
  // The tag of the driver's image goes on with the distribution: 595.91.07-ubuntu24.04.
  const driver = /^\d+(?:\.\d+)*/.exec(driverOf(stack.gpuOperator) ?? "")?.[0];
  const facts = { weightsGb: weightsGb(stack), driver };
  const hosts = chosen(cluster.hosts, named);
  return typeof hosts === "string" ? hosts : hosts.map((host) => expectedHost(host, facts));
}

type Hosts = Extract<PlatformConfig["cluster"], { kind: "bare-metal" }>["hosts"];

function chosen(hosts: Hosts, named: string | undefined): readonly GpuHost[] | string {
  if (named === undefined) return activeGpuHosts(hosts);
  const gpuHosts = hosts.flatMap((host) => (host.role === "gpu" ? [host] : []));
  const host = gpuHosts.find(({ name }) => name === named);
  if (host !== undefined) return [host];
  const names = gpuHosts.map(({ name }) => name).join(", ");
  return `${named} is no GPU host of it; choose one of ${names}`;
}

/** Any host may run any model of the stack; one that is served twice has its weights once. */
function weightsGb({ models }: PlatformConfig): number {
  const checkpoints = new Map(
    models.map(servedCheckpoint).map((checkpoint) => [checkpoint.folder, checkpoint.weightsGb]),
  );
  return [...checkpoints.values()].reduce((sum, each) => sum + each, 0);
}
