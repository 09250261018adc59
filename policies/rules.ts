import type { Rule } from "./model/rule.ts";
import { closedChannels } from "./rules/application/closed-channels.ts";
import { encryptedTransport } from "./rules/application/encrypted-transport.ts";
import { engineVersion } from "./rules/application/engine-version.ts";
import { guardedEndpoints } from "./rules/application/guarded-endpoints.ts";
import { noContentLogging } from "./rules/application/no-content-logging.ts";
import { noDebuggingSurface } from "./rules/application/no-debugging-surface.ts";
import { noForeignCode } from "./rules/application/no-foreign-code.ts";
import { noMediaFetch } from "./rules/application/no-media-fetch.ts";
import { noSwappedMemory } from "./rules/application/no-swapped-memory.ts";
import { noToolServer } from "./rules/application/no-tool-server.ts";
import { offlineArtefacts } from "./rules/application/offline-artefacts.ts";
import { privateCaches } from "./rules/application/private-caches.ts";
import { spentBudgetCloses } from "./rules/application/spent-budget-closes.ts";
import { taskClassesStayInside } from "./rules/application/task-classes-stay-inside.ts";
import { traceEndpoints } from "./rules/application/trace-endpoints.ts";
import { usageStatisticsOff } from "./rules/application/usage-statistics-off.ts";
import { verifiedWeights } from "./rules/application/verified-weights.ts";
import { admissionGuard } from "./rules/cross-cutting/admission-guard.ts";
import { dataResidency } from "./rules/cross-cutting/data-residency.ts";
import { noOpaqueSources } from "./rules/cross-cutting/no-opaque-sources.ts";
import { noUnknownValues } from "./rules/cross-cutting/no-unknown-values.ts";
import { logsStayInside } from "./rules/monitoring/logs-stay-inside.ts";
import { metricsStayInside } from "./rules/monitoring/metrics-stay-inside.ts";
import { noPhoneHome } from "./rules/monitoring/no-phone-home.ts";
import { adminTierGuard } from "./rules/network/admin-tier-guard.ts";
import { cniEnforces } from "./rules/network/cni-enforces.ts";
import { defaultDeny } from "./rules/network/default-deny.ts";
import { effectiveEgress } from "./rules/network/effective-egress.ts";
import { engineCallers } from "./rules/network/engine-callers.ts";
import { familyParity } from "./rules/network/family-parity.ts";
import { immutablePeers } from "./rules/network/immutable-peers.ts";
import { namespaceEnvelope } from "./rules/network/namespace-envelope.ts";
import { noClusterRanges } from "./rules/network/no-cluster-ranges.ts";
import { noDirectExposure } from "./rules/network/no-direct-exposure.ts";
import { noHostNetwork } from "./rules/network/no-host-network.ts";
import { noMetadataEndpoints } from "./rules/network/no-metadata-endpoints.ts";
import { noOpenPolicy } from "./rules/network/no-open-policy.ts";
import { noOpenRelay } from "./rules/network/no-open-relay.ts";
import { noOutsideServices } from "./rules/network/no-outside-services.ts";
import { noRelay } from "./rules/network/no-relay.ts";
import { noSecondaryNetworks } from "./rules/network/no-secondary-networks.ts";
import { pinnedResolver } from "./rules/network/pinned-resolver.ts";
import { resolverStaysInside } from "./rules/network/resolver-stays-inside.ts";
import { stagingEgress } from "./rules/network/staging-egress.ts";
import { disruptionBudget } from "./rules/operations/disruption-budget.ts";
import { gracefulShutdown } from "./rules/operations/graceful-shutdown.ts";
import { livenessBeyondHealth } from "./rules/operations/liveness-beyond-health.ts";
import { modelFits } from "./rules/operations/model-fits.ts";
import { pinnedReleases } from "./rules/operations/pinned-releases.ts";
import { rolloutWithoutSpareGpus } from "./rules/operations/rollout-without-spare-gpus.ts";
import { sharedMemory } from "./rules/operations/shared-memory.ts";
import { startupBudget } from "./rules/operations/startup-budget.ts";
import { closedNetworks } from "./rules/storage/closed-networks.ts";
import { encryptedFileSystems } from "./rules/storage/encrypted-file-systems.ts";
import { encryptedVolumes } from "./rules/storage/encrypted-volumes.ts";
import { instanceMetadata } from "./rules/storage/instance-metadata.ts";
import { privateBuckets } from "./rules/storage/private-buckets.ts";
import { privateControlPlane } from "./rules/storage/private-control-plane.ts";
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
  effectiveEgress,
  namespaceEnvelope,
  noRelay,
  defaultDeny,
  noOpenPolicy,
  pinnedResolver,
  resolverStaysInside,
  familyParity,
  noMetadataEndpoints,
  noClusterRanges,
  immutablePeers,
  engineCallers,
  noOutsideServices,
  noDirectExposure,
  noHostNetwork,
  adminTierGuard,
  cniEnforces,
  noSecondaryNetworks,
  noOpenRelay,
  stagingEgress,
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
  noForeignCode,
  noMediaFetch,
  noContentLogging,
  noToolServer,
  noDebuggingSurface,
  traceEndpoints,
  privateCaches,
  closedChannels,
  guardedEndpoints,
  encryptedTransport,
  engineVersion,
  noSwappedMemory,
  taskClassesStayInside,
  spentBudgetCloses,
  verifiedWeights,
  metricsStayInside,
  noPhoneHome,
  logsStayInside,
  encryptedVolumes,
  encryptedFileSystems,
  privateBuckets,
  closedNetworks,
  instanceMetadata,
  privateControlPlane,
  noUnknownValues,
  noOpaqueSources,
  dataResidency,
  admissionGuard,
  startupBudget,
  gracefulShutdown,
  rolloutWithoutSpareGpus,
  sharedMemory,
  livenessBeyondHealth,
  disruptionBudget,
  pinnedReleases,
  modelFits,
];
