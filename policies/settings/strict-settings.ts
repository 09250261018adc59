import { strictPolicies } from "../../components/lib/stack/policies.ts";
import type { Settings } from "../model/settings.ts";

/** For input without a stack: every namespace may hold prompts, and no registry is trusted by name. */
export const strictSettings: Settings = {
  registry: undefined,
  inferenceNamespaces: "every",
  infrastructureNamespaces: new Set(),
  gatewayNamespace: undefined,
  monitoringNamespace: undefined,
  staging: undefined,
  breakGlassGroups: new Set(),
  network: undefined,
  clusterKind: undefined,
  serving: { gpu: undefined, models: [] },
  policies: strictPolicies,
};
