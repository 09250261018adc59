import type { Attempt } from "./connection.ts";
import type { Pod, Protocol, Universe } from "./kubernetes.ts";
import { networkPolicyVerdict, policyTypes } from "./network-policy.ts";
import { selects } from "./selectors.ts";
import { tierOutcomes } from "./tiers.ts";

/**
 * Whether an attempt can pass on its side: first the Admin tier, then network policies, which decide
 * for good over the pods that they select, then the Baseline tier; whatever none of them stops, passes.
 */
export function isAllowed(universe: Universe, attempt: Attempt): boolean {
  const admin = tierOutcomes(universe, "Admin", attempt);
  if (admin.has("accept")) return true;
  if (!admin.has("pass")) return false;
  const verdict = networkPolicyVerdict(universe, attempt);
  if (verdict !== "none") return verdict === "allow";
  const baseline = tierOutcomes(universe, "Baseline", attempt);
  return baseline.has("accept") || baseline.has("pass");
}

/** Whether some network policy selects the pod for egress. */
export function isIsolated(universe: Universe, pod: Pod): boolean {
  return universe.policies.some(
    (policy) =>
      policy.metadata.namespace === pod.namespace &&
      policyTypes(policy).includes("Egress") &&
      selects(policy.spec.podSelector ?? {}, pod.labels),
  );
}

/** Whether a pod's own policies let it send to an address that is no pod's. */
export function maySendTo(
  universe: Universe,
  pod: Pod,
  address: string,
  protocol: Protocol,
  port: number,
): boolean {
  return isAllowed(universe, {
    direction: "Egress",
    subject: pod,
    peer: { address },
    protocol,
    port,
  });
}
