import { containsAddress, overlaps, parseAddress, parseCidr } from "../../components/lib/cidr.ts";
import {
  sourceAddress,
  sourceCidr,
  type WeightsSource,
  weightsSchema,
} from "../../components/lib/stack/weights.ts";
import type { Fault } from "./faults.ts";
import type { PlatformCluster } from "./platform.ts";

/** Loopback, link-local (which holds metadata services) and unspecified addresses: no source of weights is there. */
const ownRanges = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "::/127", "fe80::/10"];

/** What staging weights asks of the rest of its stack. */
export function weightsFaults(weights: unknown, cluster: PlatformCluster): Fault[] {
  const parsed = weightsSchema.safeParse(weights ?? {});
  if (!parsed.success) return [];
  const { source, volume } = parsed.data;
  const faults = source === undefined ? [] : sourceFaults(source, cluster);
  if (volume.kind !== "local" || cluster.kind === "bare-metal") return faults;
  return [
    ...faults,
    {
      path: ["weights", "volume", "kind"],
      message:
        "local keeps weights on the disks of hosts that an inventory lists; nodes of this cluster come and go, and so would their weights: use nfs or csi",
    },
  ];
}

function sourceFaults(source: WeightsSource, { network }: PlatformCluster): Fault[] {
  const { address } = sourceAddress(source);
  const path =
    source.kind === "hub"
      ? ["weights", "source", "reach", "address"]
      : ["weights", "source", "address"];
  const place = parseAddress(address);
  if (ownRanges.some((range) => containsAddress(parseCidr(range), place))) {
    return [{ path, message: `${address} is no address of a server; name the one of the source` }];
  }
  return (["podCidr", "serviceCidr"] as const)
    .filter((name) => name !== "podCidr" || network.podCidr !== network.nodeCidr)
    .filter((name) => overlaps(parseCidr(network[name]), parseCidr(sourceCidr(source))))
    .map((name) => ({
      path,
      message: `${address} lies in ${name} ${network[name]}, where network plugins differ in what a block of addresses means; name a machine outside the cluster`,
    }));
}
