import { z } from "zod";

/** A name that Kubernetes accepts for any object (RFC 1123 label). */
export const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "must be lower-case letters, digits and hyphens, at most 63",
  );

/** Namespaces of Kubernetes itself; their pods need rights that no other pod gets. */
export const systemNamespaces = ["kube-system", "kube-node-lease", "kube-public"] as const;

/** Where the control of the egress probe runs, without walls. */
export const probeControlNamespace = "egress-probe-control";

/**
 * Namespaces by role. A namespace with two roles would get the weaker rules of one and hold the
 * prompts of the other.
 */
export const namespacesSchema = z
  .strictObject({
    inference: dnsLabel.default("inference"),
    gateway: dnsLabel.default("gateway"),
    monitoring: dnsLabel.default("monitoring"),
    gpuOperator: dnsLabel.default("gpu-operator"),
    weights: dnsLabel.default("weights"),
  })
  .superRefine((namespaces, refinement) => {
    const taken = new Set<string>([...systemNamespaces, probeControlNamespace]);
    for (const [key, name] of Object.entries(namespaces)) {
      if (taken.has(name)) {
        const message = `"${name}" has two roles; give each role a namespace of its own`;
        refinement.addIssue({ code: "custom", path: [key], message });
      }
      taken.add(name);
    }
  });
