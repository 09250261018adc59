/** Ways that a control can be made to find open. */
export type ProbeProtocol = "tcp" | "udp" | "sctp" | "icmp" | "dns";

/** What a stack says about its probe. Addresses are IPv4 or IPv6, in canonical form. */
export interface ProbeSettings {
  /** Machines outside the cluster that the control reaches and no inference pod may. */
  readonly targets: readonly { readonly address: string; readonly ports: readonly number[] }[];
  /** Zone of the random names that are asked for; its name servers should be the site's own. */
  readonly dnsZone?: string;
  /** Name servers that are asked beside the pod's own resolvers. */
  readonly dnsServers: readonly string[];
  /** Addresses of the API server beside the one that every pod is told. */
  readonly apiServers: readonly { readonly address: string; readonly port: number }[];
  readonly node: {
    /** Ports tried on the pod's own node. */
    readonly ports: readonly number[];
    /** What may answer there, and why: the NetworkPolicy API leaves a pod's own node open. */
    readonly accepted: readonly AcceptedAnswer[];
  };
  /** What must get through in the control over every family of the targets. */
  readonly required: readonly ProbeProtocol[];
}

export interface AcceptedAnswer {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** 0 for ICMP. */
  readonly port: number;
  readonly reason: string;
}

/** Time for one attempt: a round trip over a continent, and one lost packet sent again. */
const timeoutMilliseconds = 2_000;

/** The plan as `tools/egress-probe` reads it (internal/plan); the same for control and probe. */
export function probePlan(settings: ProbeSettings, cniProfile: string): string {
  const { targets, dnsZone, dnsServers, apiServers, node } = settings;
  return JSON.stringify({
    version: 1,
    cniProfile,
    timeoutMilliseconds,
    world: targets,
    dns: { zone: dnsZone ?? "", servers: dnsServers },
    apiServers,
    nodePorts: node.ports,
    // The node is one machine, by whichever of its addresses.
    accepted: node.accepted.flatMap((one) =>
      ["node", "link-local"].map((kind) => ({ kind, ...one })),
    ),
    required: settings.required.flatMap((protocol) => required(protocol, settings)),
  });
}

function required(protocol: ProbeProtocol, { targets, dnsServers }: ProbeSettings) {
  if (protocol === "dns") {
    return families(dnsServers).map((family) => ({ kind: "dns", family, protocol: "udp" }));
  }
  const addresses = targets.map(({ address }) => address);
  return families(addresses).map((family) => ({ kind: "world", family, protocol }));
}

function families(addresses: readonly string[]): readonly ("ipv4" | "ipv6")[] {
  return (["ipv4", "ipv6"] as const).filter((family) =>
    addresses.some((address) => address.includes(":") === (family === "ipv6")),
  );
}
