import type { Rule } from "./model/rule.ts";
import { offlineArtefacts } from "./rules/application/offline-artefacts.ts";
import { usageStatisticsOff } from "./rules/application/usage-statistics-off.ts";
import { noOpaqueSources } from "./rules/cross-cutting/no-opaque-sources.ts";
import { noUnknownValues } from "./rules/cross-cutting/no-unknown-values.ts";
import { adminTierGuard } from "./rules/network/admin-tier-guard.ts";
import { defaultDeny } from "./rules/network/default-deny.ts";
import { effectiveEgress } from "./rules/network/effective-egress.ts";
import { engineCallers } from "./rules/network/engine-callers.ts";
import { familyParity } from "./rules/network/family-parity.ts";
import { immutablePeers } from "./rules/network/immutable-peers.ts";
import { namespaceEnvelope } from "./rules/network/namespace-envelope.ts";
import { noClusterRanges } from "./rules/network/no-cluster-ranges.ts";
import { noMetadataEndpoints } from "./rules/network/no-metadata-endpoints.ts";
import { noOpenPolicy } from "./rules/network/no-open-policy.ts";
import { noOutsideServices } from "./rules/network/no-outside-services.ts";
import { noRelay } from "./rules/network/no-relay.ts";
import { pinnedResolver } from "./rules/network/pinned-resolver.ts";
import { resolverStaysInside } from "./rules/network/resolver-stays-inside.ts";
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
  restrictedPods,
  noServiceAccountToken,
  imagesByDigest,
  usageStatisticsOff,
  offlineArtefacts,
  noUnknownValues,
  noOpaqueSources,
];
