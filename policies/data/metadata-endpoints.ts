import { type Addresses, block, noAddress, uniteAddresses } from "../egress/sets/addresses.ts";

/** An address at which a cloud hands out credentials or facts about a machine to whoever asks. */
export interface MetadataEndpoint {
  readonly address: string;
  readonly what: string;
}

/** As the clouds document them; read November 2026. */
export const metadataEndpoints: readonly MetadataEndpoint[] = [
  { address: "169.254.169.254", what: "instance metadata of AWS, Azure, Google and others" },
  { address: "fd00:ec2::254", what: "instance metadata of AWS" },
  { address: "169.254.170.23", what: "EKS Pod Identity" },
  { address: "fd00:ec2::23", what: "EKS Pod Identity" },
  { address: "169.254.170.2", what: "task metadata of Amazon ECS" },
  { address: "168.63.129.16", what: "platform services of Azure" },
  { address: "100.100.100.200", what: "instance metadata of Alibaba Cloud" },
  { address: "fd20:ce::254", what: "instance metadata of Google Cloud" },
];

const blocks = new Map(
  metadataEndpoints.map((endpoint) => {
    const { address } = endpoint;
    return [endpoint, block(address.includes(":") ? `${address}/128` : `${address}/32`)];
  }),
);

export function addressesOf(endpoint: MetadataEndpoint): Addresses {
  return blocks.get(endpoint) ?? noAddress;
}

export const metadataAddresses: Addresses = uniteAddresses([...blocks.values()]);
