import { addressNumber, blockOf, isIn } from "./addresses.ts";
import { type Attempt, destinationPod } from "./connection.ts";
import type {
  AdminPort,
  AdminSpec,
  ClusterPolicy,
  Pod,
  PortMatch,
  Protocol,
  ProtocolMatch,
  Subject,
  TierPeer,
  Universe,
} from "./kubernetes.ts";
import { namespaceLabels, selects, selectsPods } from "./selectors.ts";

export type Outcome = "accept" | "deny" | "pass";

interface TierRule {
  readonly outcome: Outcome;
  readonly peers: readonly TierPeer[];
  readonly matchesPort: (attempt: Attempt) => boolean;
}

interface TierPolicy {
  readonly priority: number;
  readonly subject: Subject;
  readonly rules: readonly TierRule[];
}

/**
 * What a tier can make of an attempt. Among policies of one priority an implementation may take any
 * that matches, so there can be several outcomes; a tier in which nothing matches passes.
 */
export function tierOutcomes(
  universe: Universe,
  tier: "Admin" | "Baseline",
  attempt: Attempt,
): ReadonlySet<Outcome> {
  const policies = policiesOf(universe, tier, attempt.direction);
  const priorities = [...new Set(policies.map(({ priority }) => priority))].toSorted(
    (a, b) => a - b,
  );
  for (const priority of priorities) {
    const decided = policies
      .filter((policy) => policy.priority === priority)
      .map((policy) => firstMatch(universe, policy, attempt))
      .filter((outcome) => outcome !== undefined);
    if (decided.length > 0) return new Set(decided);
  }
  return new Set<Outcome>(["pass"]);
}

function firstMatch(universe: Universe, policy: TierPolicy, attempt: Attempt): Outcome | undefined {
  if (!isSubject(universe, policy.subject, attempt.subject)) return undefined;
  return policy.rules.find(
    (rule) =>
      rule.peers.some((peer) => matchesPeer(universe, peer, attempt)) && rule.matchesPort(attempt),
  )?.outcome;
}

function policiesOf(
  universe: Universe,
  tier: "Admin" | "Baseline",
  direction: Attempt["direction"],
): readonly TierPolicy[] {
  const cluster = universe.clusterPolicies
    .filter(({ spec }) => spec.tier === tier)
    .map(({ spec }) => fromCluster(spec, direction));
  if (tier === "Admin") {
    const admin = universe.adminPolicies.map(({ spec }) =>
      fromAdmin(spec, spec.priority, direction),
    );
    return [...cluster, ...admin];
  }
  const { baseline } = universe;
  return baseline === undefined ? cluster : [...cluster, fromAdmin(baseline.spec, 0, direction)];
}

function fromCluster(spec: ClusterPolicy["spec"], direction: Attempt["direction"]): TierPolicy {
  const rules =
    direction === "Egress"
      ? (spec.egress ?? []).map((rule) => ({ ...rule, peers: rule.to }))
      : (spec.ingress ?? []).map((rule) => ({ ...rule, peers: rule.from }));
  return {
    priority: spec.priority,
    subject: spec.subject,
    rules: rules.map(({ action, peers, protocols }) => ({
      outcome: outcomes[action],
      peers,
      matchesPort: (attempt) =>
        protocols === undefined || protocols.some((each) => matchesProtocol(each, attempt)),
    })),
  };
}

function fromAdmin(spec: AdminSpec, priority: number, direction: Attempt["direction"]): TierPolicy {
  const rules =
    direction === "Egress"
      ? (spec.egress ?? []).map((rule) => ({ ...rule, peers: rule.to }))
      : (spec.ingress ?? []).map((rule) => ({ ...rule, peers: rule.from }));
  return {
    priority,
    subject: spec.subject,
    rules: rules.map(({ action, peers, ports }) => ({
      outcome: outcomes[action],
      peers,
      matchesPort: (attempt) =>
        ports === undefined || ports.some((each) => matchesAdminPort(each, attempt)),
    })),
  };
}

const outcomes = { Accept: "accept", Allow: "accept", Deny: "deny", Pass: "pass" } as const;

function isSubject(universe: Universe, subject: Subject, pod: Pod): boolean {
  return "pods" in subject
    ? selectsPods(universe, subject.pods, pod)
    : selects(subject.namespaces, namespaceLabels(universe, pod.namespace));
}

/** Networks match by address, whether a pod has it or not; the other peers match pods alone. */
function matchesPeer(universe: Universe, tierPeer: TierPeer, { peer }: Attempt): boolean {
  if ("networks" in tierPeer) {
    const address = addressNumber(peer.address);
    return tierPeer.networks.some((cidr) => isIn(address, blockOf(cidr)));
  }
  return peer.pod !== undefined && isSubject(universe, tierPeer, peer.pod);
}

function matchesProtocol(match: ProtocolMatch, attempt: Attempt): boolean {
  if ("destinationNamedPort" in match) return hasNamedPort(match.destinationNamedPort, attempt);
  if ("tcp" in match) return matchesNumber("TCP", match.tcp.destinationPort, attempt);
  if ("udp" in match) return matchesNumber("UDP", match.udp.destinationPort, attempt);
  return matchesNumber("SCTP", match.sctp.destinationPort, attempt);
}

function matchesNumber(protocol: Protocol, match: PortMatch, attempt: Attempt): boolean {
  if (protocol !== attempt.protocol) return false;
  if ("number" in match) return match.number === attempt.port;
  return match.range.start <= attempt.port && attempt.port <= match.range.end;
}

function matchesAdminPort(match: AdminPort, attempt: Attempt): boolean {
  if ("namedPort" in match) return hasNamedPort(match.namedPort, attempt);
  if ("portNumber" in match) {
    const { protocol = "TCP", port } = match.portNumber;
    return matchesNumber(protocol, { number: port }, attempt);
  }
  const { protocol = "TCP", start, end } = match.portRange;
  return matchesNumber(protocol, { range: { start, end } }, attempt);
}

/** A name stands for the port and the protocol that the destination's container gives it. */
function hasNamedPort(name: string, attempt: Attempt): boolean {
  return (destinationPod(attempt)?.ports ?? []).some(
    (each) =>
      each.name === name &&
      each.containerPort === attempt.port &&
      (each.protocol ?? "TCP") === attempt.protocol,
  );
}
