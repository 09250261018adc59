/**
 * Tests that the analysis does not pass yet, by title. Each runs as one that must fail, so that closing
 * a gap makes it red until its row is taken out here.
 */
export const knownGaps: ReadonlySet<string> = new Set([
  // A version that no API server serves is told of the kind, not of the apiVersion.
  "every refusal of a malformed policy names the field at fault",
  // Rules of policies that share a priority are taken as if they had no order among themselves.
  "the analysis agrees with the brute-force evaluator about policies of the tiers above",
  "a second policy of the same content under another name changes nothing",
  "tiers: within one policy the order counts, even where another has the same priority",
  // Denials of several rules are not added up against a pod of which not every address is denied by one.
  "walls: a wall of two rules holds pods back before they have an address",
  // What the schema of the definition refuses is taken as written.
  "refused by tiers: a range that ends where it starts",
  "refused by tiers: a protocol without a port",
  "unsure tiers: a named port opens nothing to networks, which some plugins may see otherwise",
  // A rule for the address of a Service opens a connection to what is behind it.
  "addresses of services: a rule for the address of a Service reaches the pods behind it",
  "addresses of services: a Service that has no address yet gets one of the cluster's range",
  "addresses of services: an external address of a Service is taken by its pods, so a rule for it reaches them",
  // Pods on the network of their node have its address, but a rule for that address does not reach them.
  "host network: a rule for the addresses of nodes reaches the pods that have those addresses",
  // A patch of a policy, a workload or a namespace is passed over in silence.
  "unsupported: a patch of a policy can add any rule to it",
  "unsupported: a patch of a workload can give it other labels and the network of its node",
  "namespaces: a patch of a Namespace can give it any label",
  // Metadata that is no object has a namespace that nobody knows, not the default one.
  'unknown: a policy whose metadata is "[secret]" may lie in any namespace',
  'unknown: a policy whose metadata is ["shop"] may lie in any namespace',
  "unknown: a policy whose metadata is 7 may lie in any namespace",
  // What a named port depends on and cannot be read is used at its widest, but not told.
  "unknown: a named port may be any where.spec.containers is unknown",
  "unknown: a named port may be any where.spec.containers[0] is unknown",
  "unknown: a named port may be any where.spec.containers[0].ports is unknown",
  "unknown: a named port may be any where.spec.containers[0].ports[0] is unknown",
  "unknown: a named port may be any where.spec.containers[0].ports[0].name is unknown",
  // A Deny of a named port of unknown number is taken as one of every port.
  "unknown: a Deny of a named port whose number is unknown denies no port for certain",
  // Addresses of a status that cannot be read are passed over beside those that can.
  "unknown: a pod may have any address where.status.podIPs is unknown",
  "unknown: a pod may have any address where.status.podIPs[1] is unknown",
  "unknown: a pod may have any address where.status.podIPs[1].ip is unknown",
]);

/** Places of the generated unknowns that the gaps above concern; the vectors there show each of them. */
export function isGap(place: string): boolean {
  return / (metadata|status\b.*|spec\.containers\b.*)$/.test(place);
}
