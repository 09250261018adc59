import { guards } from "./mutants/admission-guard.ts";
import { buckets } from "./mutants/buckets.ts";
import { volumes } from "./mutants/cloud-volumes.ts";
import { plugins } from "./mutants/cni.ts";
import { containers } from "./mutants/containers.ts";
import { podDns } from "./mutants/dns.ts";
import * as egressDoors from "./mutants/egress-doors.ts";
import * as egressNames from "./mutants/egress-names.ts";
import * as egressRanges from "./mutants/egress-ranges.ts";
import * as egressWays from "./mutants/egress-ways.ts";
import { fetched } from "./mutants/engine-artefacts.ts";
import { caches } from "./mutants/engine-caches.ts";
import { channels, keys } from "./mutants/engine-channels.ts";
import { foreignCode } from "./mutants/engine-code.ts";
import { engineLogs, media, surface, tools } from "./mutants/engine-privacy.ts";
import { traces } from "./mutants/engine-traces.ts";
import { swapped, versions } from "./mutants/engine-versions.ts";
import { artefacts, statistics } from "./mutants/engines.ts";
import { directExposure } from "./mutants/exposure.ts";
import { fileSystems } from "./mutants/file-systems.ts";
import { fits } from "./mutants/fit.ts";
import { ownListeners } from "./mutants/gateway-listeners.ts";
import { gatewayLogs } from "./mutants/gateway-logs.ts";
import { providersAndWays } from "./mutants/gateway-providers.ts";
import { remoteSources } from "./mutants/gateway-remote-routes.ts";
import { endpoints } from "./mutants/gateway-routes.ts";
import { transport } from "./mutants/gateway-transport.ts";
import { tenancy } from "./mutants/gpus.ts";
import { hostNetwork } from "./mutants/host-network.ts";
import { repositories } from "./mutants/image-repositories.ts";
import { images } from "./mutants/images.ts";
import { logs } from "./mutants/logs.ts";
import { controlPlanes, metadata } from "./mutants/machines.ts";
import { fileMetrics } from "./mutants/metrics.ts";
import { operatorMetrics } from "./mutants/metrics-operator.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { defaultDeny, openPolicies } from "./mutants/network.ts";
import { networks } from "./mutants/networks.ts";
import { opaque } from "./mutants/opaque-sources.ts";
import {
  budgets,
  livenesses,
  rollouts,
  sharedMemory,
  shutdowns,
  startups,
} from "./mutants/operations.ts";
import { phoneHome } from "./mutants/phone-home.ts";
import { restrictedPods, serviceAccounts } from "./mutants/pods.ts";
import { rbacMutants } from "./mutants/rbac.ts";
import { relays } from "./mutants/relays.ts";
import { releases } from "./mutants/releases.ts";
import { residency } from "./mutants/residency.ts";
import { secondaryNetworks } from "./mutants/secondary-networks.ts";
import { spentBudgets } from "./mutants/spent-budget.ts";
import { subnets } from "./mutants/subnets.ts";
import { taskClassDocuments } from "./mutants/task-class-documents.ts";
import { taskClassWays } from "./mutants/task-class-ways.ts";
import { unknowns } from "./mutants/unknown-values.ts";
import { residues, volumeTypes } from "./mutants/volumes.ts";
import { stagingEgresses, unverifiedWeights } from "./mutants/weights.ts";

/** Every mutant of the good graph, in the order of the rules. */
export const mutants: readonly Mutant[] = [
  ...egressWays.effective,
  ...egressWays.together,
  ...egressWays.envelope,
  ...egressWays.relays,
  ...defaultDeny,
  ...openPolicies,
  ...egressNames.resolvers,
  ...egressNames.recursion,
  ...egressRanges.parity,
  ...egressRanges.metadata,
  ...egressRanges.ranges,
  ...egressRanges.peers,
  ...egressDoors.callers,
  ...egressDoors.outside,
  ...egressDoors.tiers,
  ...egressDoors.startOrder,
  ...directExposure,
  ...hostNetwork,
  ...secondaryNetworks,
  ...plugins,
  ...relays,
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
  ...fetched,
  ...foreignCode,
  ...media,
  ...engineLogs,
  ...gatewayLogs,
  ...tools,
  ...surface,
  ...traces,
  ...caches,
  ...channels,
  ...keys,
  ...endpoints,
  ...transport,
  ...remoteSources,
  ...ownListeners,
  ...providersAndWays,
  ...versions,
  ...swapped,
  ...taskClassDocuments,
  ...taskClassWays,
  ...spentBudgets,
  ...unverifiedWeights,
  ...stagingEgresses,
  ...unknowns,
  ...opaque,
  ...guards,
  ...startups,
  ...shutdowns,
  ...rollouts,
  ...sharedMemory,
  ...livenesses,
  ...budgets,
  ...operatorMetrics,
  ...fileMetrics,
  ...phoneHome,
  ...logs,
  ...volumes,
  ...fileSystems,
  ...buckets,
  ...repositories,
  ...networks,
  ...subnets,
  ...metadata,
  ...controlPlanes,
  ...residency,
  ...releases,
  ...fits,
];
