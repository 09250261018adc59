import { z } from "zod";
import { registryPath } from "../../components/lib/images.ts";
import { namespacesSchema, systemNamespaces } from "../../components/lib/stack/namespaces.ts";
import { networkSchema } from "../../components/lib/stack/network.ts";
import { policiesSchema } from "../../components/lib/stack/policies.ts";
import { registrySchema } from "../../components/lib/stack/registry.ts";
import { sourceAddress, weightsSchema } from "../../components/lib/stack/weights.ts";
import type { Settings } from "../model/settings.ts";
import { servingOf, servingSchema } from "./serving-settings.ts";

/** Keys of a stack file that rules depend on carry the name of the project. */
const project = "private-llm";

const stackSchema = z.object({
  registry: registrySchema.optional(),
  namespaces: namespacesSchema.prefault({}),
  cluster: z
    .object({
      kind: z.enum(["local", "eks", "bare-metal"]).optional(),
      network: networkSchema.optional(),
    })
    .prefault({}),
  access: z.object({ breakGlass: z.array(z.string()).default([]) }).prefault({}),
  policies: policiesSchema.prefault({}),
  weights: weightsSchema.prefault({}),
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
    cluster: config[`${project}:cluster`],
    access: config[`${project}:access`],
    policies: config[`${project}:policies`],
    weights: config[`${project}:weights`],
  });
  const serving = servingSchema.safeParse({
    cluster: config[`${project}:cluster`],
    models: config[`${project}:models`],
  });
  if (!(parsed.success && serving.success)) {
    const faults = [parsed, serving]
      .flatMap(({ error }) => error?.issues ?? [])
      .map((issue) => `  ${project}:${issue.path.map(String).join(".")}: ${issue.message}`);
    throw new Error(`the stack's settings for the rules are wrong\n${faults.join("\n")}`);
  }
  return { ...settingsOf(parsed.data), serving: servingOf(serving.data) };
}

/** What the rules need of a stack file that has been parsed, apart from its models. */
export function settingsOf(stack: z.infer<typeof stackSchema>): Settings {
  const { registry, namespaces, cluster, access, policies, weights } = stack;
  return {
    registry: registry === undefined ? undefined : registryPath(registry),
    inferenceNamespaces: new Set([namespaces.inference]),
    infrastructureNamespaces: new Set([
      namespaces.monitoring,
      namespaces.gpuOperator,
      ...systemNamespaces,
    ]),
    gatewayNamespace: namespaces.gateway,
    monitoringNamespace: namespaces.monitoring,
    staging: {
      namespace: namespaces.weights,
      source: weights.source === undefined ? undefined : sourceAddress(weights.source),
    },
    breakGlassGroups: new Set(access.breakGlass),
    network: cluster.network,
    clusterKind: cluster.kind,
    serving: { gpu: undefined, models: [] },
    policies,
  };
}
