import { z } from "zod";

/**
 * Stands in for a network plugin: it turns network policies into packet filter rules, written straight
 * from the text of the NetworkPolicy API and apart from the analysis in `policies/`. What passes against
 * these rules shows that the probe works. It shows nothing about any real plugin.
 *
 * Two answers go beyond the text, as a closed plugin would give them: the pod's own node is denied like
 * everything else, and so is every protocol that no policy can name.
 */

/** A pod that policies may select, and the end of its cable on the node. */
export interface Place {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly v4: string;
  readonly v6: string;
  readonly device: string;
}

/** Ways through the wall that no policy asked for. */
export interface Holes {
  /** Matches of nftables that pass from inside, such as `udp dport 53`. */
  readonly outward?: readonly string[];
  /** Matches that are dropped on the way back, so that only one direction works. */
  readonly lost?: readonly string[];
}

const selectorSchema = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
});

const portSchema = z.strictObject({
  protocol: z.enum(["TCP", "UDP", "SCTP"]).default("TCP"),
  port: z.int().optional(),
  endPort: z.int().optional(),
});

const peerSchema = z.strictObject({
  namespaceSelector: selectorSchema.optional(),
  podSelector: selectorSchema.optional(),
  ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional(),
});

const ports = z.array(portSchema).default([]);
const peers = z.array(peerSchema).default([]);

/** Strict: what this reader does not know it refuses, instead of filtering less than was asked. */
export const policySchema = z.strictObject({
  apiVersion: z.literal("networking.k8s.io/v1"),
  kind: z.literal("NetworkPolicy"),
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({
    podSelector: selectorSchema,
    policyTypes: z.array(z.enum(["Ingress", "Egress"])).default([]),
    ingress: z.array(z.strictObject({ from: peers, ports })).default([]),
    egress: z.array(z.strictObject({ to: peers, ports })).default([]),
  }),
});

export type Policy = z.infer<typeof policySchema>;
type Peer = z.infer<typeof peerSchema>;
type Port = z.infer<typeof portSchema>;
type Rule = { readonly peers: readonly Peer[]; readonly ports: readonly Port[] };
type Direction = "Ingress" | "Egress";

/** The rules of the node's packet filter for all places, as nftables reads them. */
export function nftRules(
  policies: readonly Policy[],
  places: readonly Place[],
  holes: Holes = {},
): string {
  const chains: string[] = [];
  const jumps = { outward: [] as string[], inward: [] as string[] };
  for (const [index, place] of places.entries()) {
    const egress = selecting(policies, place, "Egress");
    if (egress !== undefined) {
      const lines = [...(holes.outward ?? []).map(returns), ...matches(egress, "daddr", places)];
      chains.push(chain(`out${index}`, [...lines, "drop"]));
      jumps.outward.push(`iifname "${place.device}" jump out${index}`);
    }
    const ingress = selecting(policies, place, "Ingress");
    if (ingress !== undefined) {
      chains.push(chain(`in${index}`, [...matches(ingress, "saddr", places), "drop"]));
      jumps.inward.push(`oifname "${place.device}" jump in${index}`);
    }
  }
  const lost = (holes.lost ?? []).map((match) => `${match} drop`);
  const answers = "ct state established,related accept";
  const neighbours =
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept";
  return [
    "table inet cni",
    "delete table inet cni",
    "table inet cni {",
    ...chains,
    hook("forward", [...lost, answers, ...jumps.outward, ...jumps.inward]),
    hook("input", [answers, neighbours, ...jumps.outward]),
    "}\n",
  ].join("\n");
}

/** Rules of all policies that isolate a pod in one direction; `undefined` where none does. */
function selecting(
  policies: readonly Policy[],
  place: Place,
  direction: Direction,
): { readonly namespace: string; readonly rule: Rule }[] | undefined {
  const chosen = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === place.namespace &&
      types(spec).includes(direction) &&
      carries(place.labels, spec.podSelector.matchLabels),
  );
  if (chosen.length === 0) return undefined;
  return chosen.flatMap(({ metadata: { namespace }, spec }) =>
    direction === "Egress"
      ? spec.egress.map((rule) => ({ namespace, rule: { peers: rule.to, ports: rule.ports } }))
      : spec.ingress.map((rule) => ({ namespace, rule: { peers: rule.from, ports: rule.ports } })),
  );
}

/** Left out, the types are Ingress, and Egress where there are rules for it. */
function types({ policyTypes, egress }: Policy["spec"]): readonly Direction[] {
  if (policyTypes.length > 0) return policyTypes;
  return egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function matches(
  rules: readonly { readonly namespace: string; readonly rule: Rule }[],
  side: "saddr" | "daddr",
  places: readonly Place[],
): string[] {
  return rules.flatMap(({ namespace, rule }) => {
    const from =
      rule.peers.length === 0
        ? [""]
        : rule.peers.flatMap((peer) => addresses(peer, namespace, side, places));
    const to = rule.ports.length === 0 ? [""] : rule.ports.map(portMatch);
    return from.flatMap((peer) => to.map((port) => returns(`${peer} ${port}`)));
  });
}

/** A peer names a block, or pods: of the namespaces selected, else of the policy's own. */
function addresses(
  peer: Peer,
  namespace: string,
  side: string,
  places: readonly Place[],
): string[] {
  if (peer.ipBlock !== undefined) {
    const { cidr, except } = peer.ipBlock;
    const family = cidr.includes(":") ? "ip6" : "ip";
    const but = except.length === 0 ? "" : ` ${family} ${side} != { ${except.join(", ")} }`;
    return [`${family} ${side} ${cidr}${but}`];
  }
  const spaces = peer.namespaceSelector?.matchLabels ?? {
    "kubernetes.io/metadata.name": namespace,
  };
  return places
    .filter(
      (place) =>
        carries({ "kubernetes.io/metadata.name": place.namespace }, spaces) &&
        carries(place.labels, peer.podSelector?.matchLabels ?? {}),
    )
    .flatMap((place) => [`ip ${side} ${place.v4}`, `ip6 ${side} ${place.v6}`]);
}

function portMatch({ protocol, port, endPort }: Port): string {
  const name = protocol.toLowerCase();
  if (port === undefined) return `meta l4proto ${name}`;
  return `${name} dport ${endPort === undefined ? port : `${port}-${endPort}`}`;
}

function carries(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function returns(match: string): string {
  return `${match} return`.trim();
}

function chain(name: string, lines: readonly string[]): string {
  return `chain ${name} {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`;
}

function hook(name: "forward" | "input", lines: readonly string[]): string {
  return chain(name, [`type filter hook ${name} priority filter; policy accept;`, ...lines]);
}
