import { z } from "zod";
import type { GatewayConfig } from "../stack/gateway.ts";
import { hashOf } from "./canonical.ts";
import { criticalities, phaseNames } from "./phases.ts";
import { dataClasses, type TaskClass, weightsByPhase } from "./task-class.ts";

/**
 * What a stack wants its traffic to be: written by the program into one object of the gateway's namespace, read
 * by the route controller and by `traffic`. Its hash names the state that an override was made against.
 */

const percent = z.record(z.string(), z.int().min(0).max(100));

const desiredClassSchema = z.strictObject({
  name: z.string(),
  criticality: z.enum(criticalities),
  dataClass: z.enum(dataClasses),
  phase: z.enum(phaseNames),
  latencyBudgetSeconds: z.number(),
  maxOutputTokens: z.int().positive(),
  failover: z.boolean(),
  backends: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(["local", "external"]),
      cluster: z.string(),
      /** Name to put into the `model` field. @default - the one that clients send */
      model: z.string().exactOptional(),
    }),
  ),
  /** Shares by phase and backend, percent. */
  phases: z.record(z.enum(phaseNames), percent),
});

export const desiredSchema = z.strictObject({
  version: z.literal(1),
  publicModel: z.string(),
  phase: z.enum(phaseNames),
  classes: z.array(desiredClassSchema),
});

export type Desired = z.infer<typeof desiredSchema>;
export type DesiredClass = Desired["classes"][number];

/** Cluster of the model servers of one model, in every Envoy configuration. */
export function engineCluster(model: string): string {
  return `engine-${model}`;
}

/** Cluster that leads to the egress gateway for one model of one provider. */
export function externalCluster(provider: string, model: string): string {
  return `external-${provider}-${model.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
}

/** A model of the stack, and what its servers call it in the `model` field. */
export interface ServedModel {
  readonly name: string;
  readonly servedName: string;
}

/** The routes of a stack in the form that controller and commands read. @param models those of the stack */
export function desiredRoutes(gateway: GatewayConfig, models: readonly ServedModel[]): Desired {
  const renamed = new Map(
    models
      .filter(({ servedName }) => servedName !== gateway.publicModel)
      .map(({ name, servedName }) => [name, servedName]),
  );
  return {
    version: 1,
    publicModel: gateway.publicModel,
    phase: gateway.phase,
    classes: gateway.taskClasses.map((one) => desiredClass(one, gateway.phase, renamed)),
  };
}

function desiredClass(
  taskClass: TaskClass,
  phase: Desired["phase"],
  renamed: ReadonlyMap<string, string>,
): DesiredClass {
  return {
    name: taskClass.name,
    criticality: taskClass.criticality,
    dataClass: taskClass.dataClass,
    phase: taskClass.phase ?? phase,
    latencyBudgetSeconds: taskClass.latencyBudgetSeconds,
    maxOutputTokens: taskClass.maxOutputTokens,
    failover: taskClass.dataClass === "public" && taskClass.failover === true,
    backends: taskClass.backends.map(({ name, ...backend }) => {
      if (backend.kind === "external") {
        // The egress gateway puts the provider's name in.
        return {
          name,
          kind: backend.kind,
          cluster: externalCluster(backend.provider, backend.model),
        };
      }
      const model = renamed.get(backend.model);
      const cluster = engineCluster(backend.model);
      return { name, kind: backend.kind, cluster, ...(model === undefined ? {} : { model }) };
    }),
    phases: weightsByPhase(taskClass),
  };
}

/** Names the state of desired routes; another hash voids an override. */
export function desiredHash(desired: Desired): string {
  return hashOf(desired);
}
