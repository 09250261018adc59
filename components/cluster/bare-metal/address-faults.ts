import { cidrFault, containsAddress, parseCidr } from "../../lib/cidr.ts";
import type { InventoryFault } from "./inventory-faults.ts";
import { type LooseHost, looseHosts, type PlacedAddress } from "./loose-host.ts";

/** Ranges of the cluster as a stack file has them; one that is missing or malformed is not looked at. */
export interface ClusterRanges {
  readonly nodeCidr?: string | undefined;
  readonly podCidr?: string | undefined;
  readonly serviceCidr?: string | undefined;
}

/** Addresses that are not where they belong: hosts in the node network, and nothing in a range of pods or Services. */
export function addressFaults(
  hosts: readonly unknown[],
  ranges: ClusterRanges,
): readonly InventoryFault[] {
  const readable = looseHosts(hosts);
  const { nodeCidr, podCidr, serviceCidr } = ranges;
  // The VPC CNI gives pods addresses of the network that nodes are in.
  const taken = { ...(podCidr === nodeCidr ? {} : { podCidr }), serviceCidr };
  return [
    ...outside(readable, nodeCidr),
    ...Object.entries(taken).flatMap(([name, range]) => inside(readable, name, range)),
  ];
}

function outside(hosts: readonly LooseHost[], nodeCidr: string | undefined): InventoryFault[] {
  if (nodeCidr === undefined || cidrFault(nodeCidr) !== undefined) return [];
  const network = parseCidr(nodeCidr);
  return ofAddresses(
    hosts,
    ({ owner, address }) => owner === "host" && !containsAddress(network, address),
    (subject) => `${subject} lies outside nodeCidr ${nodeCidr}; correct the address or the range`,
  );
}

/** A packet to such an address would go to a pod or a Service. */
function inside(
  hosts: readonly LooseHost[],
  name: string,
  range: string | undefined,
): InventoryFault[] {
  if (range === undefined || cidrFault(range) !== undefined) return [];
  const network = parseCidr(range);
  return ofAddresses(
    hosts,
    ({ address }) => containsAddress(network, address),
    (subject) => `${subject} lies inside ${name} ${range}; correct the address or the range`,
  );
}

function ofAddresses(
  hosts: readonly LooseHost[],
  wrong: (address: PlacedAddress) => boolean,
  message: (subject: string) => string,
): InventoryFault[] {
  return hosts.flatMap(({ addresses, name, index }) =>
    addresses.filter(wrong).map(({ path, text, owner }) => ({
      path,
      message: message(
        `${text} of ${owner === "bmc" ? "the BMC of " : ""}${name ?? `hosts[${index}]`}`,
      ),
    })),
  );
}
