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
import { imagesByDigest } from "./rules/workload/images-by-digest.ts";
import { noServiceAccountToken } from "./rules/workload/no-service-account-token.ts";
import { restrictedPods } from "./rules/workload/restricted-pods.ts";

/** Every rule of the pack, in the order of the catalogue. */
export const rules: readonly Rule[] = [
  defaultDeny,
  noOpenPolicy,
  noDirectExposure,
  noHostNetwork,
  noSecondaryNetworks,
  restrictedPods,
  noServiceAccountToken,
  imagesByDigest,
  usageStatisticsOff,
  offlineArtefacts,
  noUnknownValues,
  noOpaqueSources,
];
