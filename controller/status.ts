import { routeConfigName } from "../components/gateway/names.ts";
import { canonicalJson } from "../components/lib/migration/canonical.ts";
import type { GatewayStatus, Replica } from "../components/lib/migration/status.ts";
import type { Decision } from "./decide.ts";

/** Version of the routes on offer. */
export function routesVersion({ routes }: Decision): string | null {
  return routes?.offer([routeConfigName])?.version ?? null;
}

export function statusOf(
  decision: Decision,
  replicas: readonly Replica[],
  now: Date,
): GatewayStatus {
  const { effective } = decision;
  return {
    version: 1,
    time: now.toISOString(),
    desiredHash: decision.desiredHash,
    desiredFault: decision.desiredFault,
    override: effective?.override ?? { state: "none", record: null },
    routesVersion: routesVersion(decision),
    classes: Object.fromEntries(
      (effective?.classes ?? []).map(({ desired, phase, weights, overridden }) => [
        desired.name,
        { dataClass: desired.dataClass, phase, weights: { ...weights }, overridden },
      ]),
    ),
    replicas: [...replicas],
  };
}

/** Equal for two that differ in nothing but when they were written. */
export function contentOf(status: GatewayStatus): string {
  return canonicalJson({ ...status, time: "" });
}
