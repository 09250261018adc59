import { addressNumber, blockOf, isIn } from "./addresses.ts";
import { type Attempt, destinationPod } from "./connection.ts";
import type {
  IpBlock,
  NetworkPolicy,
  PolicyPeer,
  PolicyPort,
  PolicyType,
  Universe,
} from "./kubernetes.ts";
import { namespaceLabels, selects } from "./selectors.ts";

/** What the network policies of a namespace say: nothing for pods that none of them selects. */
export function networkPolicyVerdict(
  universe: Universe,
  attempt: Attempt,
): "allow" | "deny" | "none" {
  const { subject, direction } = attempt;
  const isolating = universe.policies.filter(
    (policy) =>
      policy.metadata.namespace === subject.namespace &&
      policyTypes(policy).includes(direction) &&
      selects(policy.spec.podSelector ?? {}, subject.labels),
  );
  if (isolating.length === 0) return "none";
  return isolating.some((policy) => allows(universe, policy, attempt)) ? "allow" : "deny";
}

/** Absent or empty types are those that the API server fills in. */
export function policyTypes({ spec }: NetworkPolicy): readonly PolicyType[] {
  if (spec.policyTypes !== undefined && spec.policyTypes.length > 0) return spec.policyTypes;
  return (spec.egress ?? []).length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function allows(universe: Universe, policy: NetworkPolicy, attempt: Attempt): boolean {
  const rules =
    attempt.direction === "Egress"
      ? (policy.spec.egress ?? []).map(({ to, ports }) => ({ peers: to ?? [], ports }))
      : (policy.spec.ingress ?? []).map(({ from, ports }) => ({ peers: from ?? [], ports }));
  return rules.some(
    ({ peers, ports = [] }) =>
      (peers.length === 0 ||
        peers.some((peer) => matchesPeer(universe, policy.metadata.namespace, peer, attempt))) &&
      (ports.length === 0 || ports.some((port) => matchesPort(port, attempt))),
  );
}

function matchesPeer(
  universe: Universe,
  namespace: string,
  { ipBlock, namespaceSelector, podSelector }: PolicyPeer,
  { peer }: Attempt,
): boolean {
  if (ipBlock !== undefined) return inIpBlock(ipBlock, peer.address);
  if (peer.pod === undefined) return false;
  const inNamespace =
    namespaceSelector === undefined
      ? peer.pod.namespace === namespace
      : selects(namespaceSelector, namespaceLabels(universe, peer.pod.namespace));
  return inNamespace && selects(podSelector ?? {}, peer.pod.labels);
}

function inIpBlock({ cidr, except = [] }: IpBlock, text: string): boolean {
  const address = addressNumber(text);
  return isIn(address, blockOf(cidr)) && !except.some((each) => isIn(address, blockOf(each)));
}

function matchesPort({ protocol = "TCP", port, endPort }: PolicyPort, attempt: Attempt): boolean {
  if (protocol !== attempt.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === "number") return port <= attempt.port && attempt.port <= (endPort ?? port);
  const ports = destinationPod(attempt)?.ports ?? [];
  return ports.some(
    (each) =>
      each.name === port &&
      (each.protocol ?? "TCP") === protocol &&
      each.containerPort === attempt.port,
  );
}
