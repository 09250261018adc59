import * as egress from "./mutants/egress.ts";
import { artefacts, statistics } from "./mutants/engines.ts";
import { images } from "./mutants/images.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { defaultDeny, openPolicies } from "./mutants/network.ts";
import { opaque } from "./mutants/opaque-sources.ts";
import { restrictedPods, serviceAccounts } from "./mutants/pods.ts";
import { unknowns } from "./mutants/unknown-values.ts";

/** Every mutant of the good graph, in the order of the rules. */
export const mutants: readonly Mutant[] = [
  ...egress.effective,
  ...egress.together,
  ...egress.envelope,
  ...egress.relays,
  ...defaultDeny,
  ...openPolicies,
  ...egress.resolvers,
  ...egress.recursion,
  ...egress.parity,
  ...egress.metadata,
  ...egress.ranges,
  ...egress.peers,
  ...egress.callers,
  ...egress.outside,
  ...egress.tiers,
  ...restrictedPods,
  ...serviceAccounts,
  ...images,
  ...statistics,
  ...artefacts,
  ...unknowns,
  ...opaque,
];
