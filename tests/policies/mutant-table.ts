import { artefacts, statistics } from "./mutants/engines.ts";
import { directExposure } from "./mutants/exposure.ts";
import { hostNetwork } from "./mutants/host-network.ts";
import { images } from "./mutants/images.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { defaultDeny, openPolicies } from "./mutants/network.ts";
import { opaque } from "./mutants/opaque-sources.ts";
import { restrictedPods, serviceAccounts } from "./mutants/pods.ts";
import { secondaryNetworks } from "./mutants/secondary-networks.ts";
import { unknowns } from "./mutants/unknown-values.ts";

/** Every mutant of the good graph, in the order of the rules. */
export const mutants: readonly Mutant[] = [
  ...defaultDeny,
  ...openPolicies,
  ...directExposure,
  ...hostNetwork,
  ...secondaryNetworks,
  ...restrictedPods,
  ...serviceAccounts,
  ...images,
  ...statistics,
  ...artefacts,
  ...unknowns,
  ...opaque,
];
