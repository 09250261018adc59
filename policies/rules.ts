import type { Rule } from "./model/rule.ts";
import { offlineArtefacts } from "./rules/application/offline-artefacts.ts";
import { usageStatisticsOff } from "./rules/application/usage-statistics-off.ts";
import { noOpaqueSources } from "./rules/cross-cutting/no-opaque-sources.ts";
import { noUnknownValues } from "./rules/cross-cutting/no-unknown-values.ts";
import { defaultDeny } from "./rules/network/default-deny.ts";
import { noDirectExposure } from "./rules/network/no-direct-exposure.ts";
import { noHostNetwork } from "./rules/network/no-host-network.ts";
import { noOpenPolicy } from "./rules/network/no-open-policy.ts";
import { noSecondaryNetworks } from "./rules/network/no-secondary-networks.ts";
import { disruptionBudget } from "./rules/operations/disruption-budget.ts";
import { gracefulShutdown } from "./rules/operations/graceful-shutdown.ts";
import { livenessBeyondHealth } from "./rules/operations/liveness-beyond-health.ts";
import { rolloutWithoutSpareGpus } from "./rules/operations/rollout-without-spare-gpus.ts";
import { sharedMemory } from "./rules/operations/shared-memory.ts";
import { startupBudget } from "./rules/operations/startup-budget.ts";
import { allowedContainers } from "./rules/workload/allowed-containers.ts";
import { gpuTenancy } from "./rules/workload/gpu-tenancy.ts";
import { imagesByDigest } from "./rules/workload/images-by-digest.ts";
import { noRbacIntoInference } from "./rules/workload/no-rbac-into-inference.ts";
import { noResidue } from "./rules/workload/no-residue.ts";
import { noServiceAccountToken } from "./rules/workload/no-service-account-token.ts";
import { privatePodDns } from "./rules/workload/private-pod-dns.ts";
import { restrictedPods } from "./rules/workload/restricted-pods.ts";
import { volumeTypes } from "./rules/workload/volume-types.ts";

/** Every rule of the pack, in the order of the catalogue. */
export const rules: readonly Rule[] = [
  defaultDeny,
  noOpenPolicy,
  noDirectExposure,
  noHostNetwork,
  noSecondaryNetworks,
  restrictedPods,
  volumeTypes,
  noServiceAccountToken,
  imagesByDigest,
  allowedContainers,
  noRbacIntoInference,
  noResidue,
  gpuTenancy,
  privatePodDns,
  usageStatisticsOff,
  offlineArtefacts,
  noUnknownValues,
  noOpaqueSources,
  startupBudget,
  gracefulShutdown,
  rolloutWithoutSpareGpus,
  sharedMemory,
  livenessBeyondHealth,
  disruptionBudget,
];
