import type { Leak } from "./leak.ts";
import { channels } from "./table/channels.ts";
import { coverage } from "./table/coverage.ts";
import { downloads } from "./table/downloads.ts";
import { exposure } from "./table/exposure.ts";
import { metadata } from "./table/metadata.ts";
import { names } from "./table/names.ts";
import { observability } from "./table/observability.ts";
import { platform } from "./table/platform.ts";
import { pluginModel } from "./table/plugin.ts";
import { pod } from "./table/pod.ts";
import { policyModel } from "./table/policies.ts";
import { relays } from "./table/relays.ts";
import { requests } from "./table/requests.ts";
import { residue } from "./table/residue.ts";
import { storage } from "./table/storage.ts";
import { tiersModel } from "./table/tiers.ts";

/** Every known path on which data leaves in spite of a default deny, in the order of their numbers. */
export const leaks: readonly Leak[] = [
  ...policyModel,
  ...pluginModel,
  ...coverage,
  ...tiersModel,
  ...names,
  ...relays,
  ...exposure,
  ...metadata,
  ...pod,
  ...residue,
  ...downloads,
  ...requests,
  ...channels,
  ...observability,
  ...platform,
  ...storage,
];
