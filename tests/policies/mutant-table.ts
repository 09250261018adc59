import { buckets } from "./mutants/buckets.ts";
import { plugins } from "./mutants/cni.ts";
import * as egress from "./mutants/egress.ts";
import { artefacts, statistics } from "./mutants/engines.ts";
import { fileSystems } from "./mutants/file-systems.ts";
import { images } from "./mutants/images.ts";
import { logs } from "./mutants/logs.ts";
import { controlPlanes, metadata } from "./mutants/machines.ts";
import { fileMetrics } from "./mutants/metrics.ts";
import { operatorMetrics } from "./mutants/metrics-operator.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { defaultDeny, openPolicies } from "./mutants/network.ts";
import { networks } from "./mutants/networks.ts";
import { opaque } from "./mutants/opaque-sources.ts";
import { phoneHome } from "./mutants/phone-home.ts";
import { restrictedPods, serviceAccounts } from "./mutants/pods.ts";
import { relays } from "./mutants/relays.ts";
import { releases } from "./mutants/releases.ts";
import { residency } from "./mutants/residency.ts";
import { unknowns } from "./mutants/unknown-values.ts";
import { volumes } from "./mutants/volumes.ts";

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
  ...plugins,
  ...relays,
  ...restrictedPods,
  ...serviceAccounts,
  ...images,
  ...statistics,
  ...artefacts,
  ...operatorMetrics,
  ...fileMetrics,
  ...phoneHome,
  ...logs,
  ...volumes,
  ...fileSystems,
  ...buckets,
  ...networks,
  ...metadata,
  ...controlPlanes,
  ...unknowns,
  ...opaque,
  ...residency,
  ...releases,
];
