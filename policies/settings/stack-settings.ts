import { z } from "zod";
import type { Settings } from "../model/settings.ts";
import { registrySchema } from "./registry.ts";

/** Keys of a stack file that rules depend on carry the name of the project. */
const project = "private-llm";

/** Namespaces of Kubernetes itself; their pods need rights that no other pod gets. */
const systemNamespaces = ["kube-system", "kube-node-lease", "kube-public"] as const;

const namespace = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "must be a namespace name");

const namespacesSchema = z
  .strictObject({
    inference: namespace.default("inference"),
    gateway: namespace.default("gateway"),
    monitoring: namespace.default("monitoring"),
    gpuOperator: namespace.default("gpu-operator"),
  })
  .superRefine((names, refinement) => {
    // A namespace with two roles would get the weaker rules of one and hold the prompts of the other.
    const taken = new Set<string>(systemNamespaces);
    for (const [key, name] of Object.entries(names)) {
      if (taken.has(name)) {
        const message = `"${name}" has two roles; give each role a namespace of its own`;
        refinement.addIssue({ code: "custom", path: [key], message });
      }
      taken.add(name);
    }
  });

const stackSchema = z.object({
  registry: registrySchema.optional(),
  namespaces: namespacesSchema.prefault({}),
});

/**
 * What the rules need of a stack file: the values below `config:`, with their prefix; other keys are
 * left to the program's own schema.
 * @throws Error that lists every fault with its key
 */
export function settingsFromStackConfig(config: Readonly<Record<string, unknown>>): Settings {
  const parsed = stackSchema.safeParse({
    registry: config[`${project}:registry`],
    namespaces: config[`${project}:namespaces`],
  });
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `  ${project}:${issue.path.map(String).join(".")}: ${issue.message}`,
    );
    throw new Error(`the stack's settings for the rules are wrong\n${faults.join("\n")}`);
  }
  const { registry, namespaces } = parsed.data;
  return {
    registry,
    inferenceNamespaces: new Set([namespaces.inference]),
    infrastructureNamespaces: new Set([
      namespaces.monitoring,
      namespaces.gpuOperator,
      ...systemNamespaces,
    ]),
  };
}
