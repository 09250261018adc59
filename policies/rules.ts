import type { Rule } from "./model/rule.ts";
import { offlineArtefacts } from "./rules/application/offline-artefacts.ts";
import { usageStatisticsOff } from "./rules/application/usage-statistics-off.ts";
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
import { noMetadataEndpoints } from "./rules/network/no-metadata-endpoints.ts";
import { noOpenPolicy } from "./rules/network/no-open-policy.ts";
import { noOpenRelay } from "./rules/network/no-open-relay.ts";
import { noOutsideServices } from "./rules/network/no-outside-services.ts";
import { noRelay } from "./rules/network/no-relay.ts";
import { pinnedResolver } from "./rules/network/pinned-resolver.ts";
import { resolverStaysInside } from "./rules/network/resolver-stays-inside.ts";
import { pinnedReleases } from "./rules/operations/pinned-releases.ts";
import { closedNetworks } from "./rules/storage/closed-networks.ts";
import { encryptedFileSystems } from "./rules/storage/encrypted-file-systems.ts";
import { encryptedVolumes } from "./rules/storage/encrypted-volumes.ts";
import { instanceMetadata } from "./rules/storage/instance-metadata.ts";
import { privateBuckets } from "./rules/storage/private-buckets.ts";
import { privateControlPlane } from "./rules/storage/private-control-plane.ts";
import { imagesByDigest } from "./rules/workload/images-by-digest.ts";
import { noServiceAccountToken } from "./rules/workload/no-service-account-token.ts";
import { restrictedPods } from "./rules/workload/restricted-pods.ts";

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
  adminTierGuard,
  cniEnforces,
  noOpenRelay,
  restrictedPods,
  noServiceAccountToken,
  imagesByDigest,
  usageStatisticsOff,
  offlineArtefacts,
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
  pinnedReleases,
];
