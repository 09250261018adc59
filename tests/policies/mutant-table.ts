import { containers } from "./mutants/containers.ts";
import { podDns } from "./mutants/dns.ts";
import { artefacts, statistics } from "./mutants/engines.ts";
import { directExposure } from "./mutants/exposure.ts";
import { tenancy } from "./mutants/gpus.ts";
import { hostNetwork } from "./mutants/host-network.ts";
import { images } from "./mutants/images.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { defaultDeny, openPolicies } from "./mutants/network.ts";
import { opaque } from "./mutants/opaque-sources.ts";
import {
  budgets,
  livenesses,
  rollouts,
  sharedMemory,
  shutdowns,
  startups,
} from "./mutants/operations.ts";
import { restrictedPods, serviceAccounts } from "./mutants/pods.ts";
import { rbacMutants } from "./mutants/rbac.ts";
import { secondaryNetworks } from "./mutants/secondary-networks.ts";
import { unknowns } from "./mutants/unknown-values.ts";
import { residues, volumeTypes } from "./mutants/volumes.ts";

/** Every mutant of the good graph, in the order of the rules. */
export const mutants: readonly Mutant[] = [
  ...defaultDeny,
  ...openPolicies,
  ...directExposure,
  ...hostNetwork,
  ...secondaryNetworks,
  ...restrictedPods,
  ...volumeTypes,
  ...serviceAccounts,
  ...images,
  ...containers,
  ...rbacMutants,
  ...residues,
  ...tenancy,
  ...podDns,
  ...statistics,
  ...artefacts,
  ...unknowns,
  ...opaque,
  ...startups,
  ...shutdowns,
  ...rollouts,
  ...sharedMemory,
  ...livenesses,
  ...budgets,
];
