import type { ExpectedHost } from "../expected.ts";
import { andThen, read } from "../reading.ts";
import { nvlinkSpec, thresholds } from "../thresholds.ts";
import { readFabricManager } from "../tools/fabric-manager.ts";
import { type GpuState, readGpus } from "../tools/gpus.ts";
import { type GpuLinks, readNvlink } from "../tools/nvlink.ts";
import { type GpuPair, readTopology } from "../tools/topology.ts";
import { type Check, readingOf, type Verdict, verdictOf } from "../verdict.ts";

export const nvlinkCheck: Check = {
  name: "nvlink",
  title: "every NVLink of every GPU active, and each pair of GPUs joined by it",
  judge: (given, expected) => {
    const spec = nvlinkSpec(expected.gpu);
    if (spec === undefined || expected.gpus === 1) return noFabric(expected);
    const reading = andThen(readingOf(given, "nvlink", readNvlink), (gpus) =>
      andThen(readingOf(given, "topology", readTopology), (pairs) => read({ gpus, pairs })),
    );
    return verdictOf(
      reading,
      ({ gpus, pairs }) => [
        ...(gpus.length === expected.gpus
          ? []
          : [`nvlink.txt names ${gpus.length} GPUs, and the inventory ${expected.gpus}`]),
        ...gpus.flatMap((gpu) => linkFaults(gpu, spec)),
        ...pairFaults(pairs, expected.gpus),
      ],
      ({ gpus }) => `${gpus.length} GPUs with ${spec.links} links each`,
    );
  },
};

function linkFaults(
  { index, links }: GpuLinks,
  spec: { readonly links: number; readonly gbPerSecond: number },
): string[] {
  const active = links.filter((speed) => speed >= spec.gbPerSecond).length;
  if (active === spec.links && links.length === spec.links) return [];
  return [
    `GPU ${index} has ${active} of ${spec.links} NVLinks at ${spec.gbPerSecond} GB/s; restart the host, then have the board looked at`,
  ];
}

function pairFaults(pairs: readonly GpuPair[], gpus: number): string[] {
  const wanted = gpus * (gpus - 1);
  const apart = pairs.filter(({ path }) => !/^NV\d+$/.test(path));
  return [
    ...(pairs.length === wanted
      ? []
      : [`topology.txt has ${pairs.length} pairs of GPUs instead of ${wanted}`]),
    ...(apart.length === 0
      ? []
      : [
          `${apart.length} of ${pairs.length} ways between GPUs are no NVLink, first ${apart[0]?.from} to ${apart[0]?.to} by ${apart[0]?.path}; see that Fabric Manager runs, or correct the GPU model in the inventory`,
        ]),
  ];
}

export const fabricManagerCheck: Check = {
  name: "fabric-manager",
  title: "Fabric Manager running, of exactly the driver's version",
  judge: (given, expected) => {
    const switched = expected.gpus >= thresholds.fabricManagerFrom.value;
    if (nvlinkSpec(expected.gpu) === undefined || !switched) return noFabric(expected);
    const reading = andThen(readingOf(given, "gpus", readGpus), (gpus) =>
      andThen(readingOf(given, "fabricManager", readFabricManager), (manager) =>
        read({ gpus, manager }),
      ),
    );
    return verdictOf(
      reading,
      ({ gpus, manager: { version, running } }) => [
        ...(running
          ? []
          : ["Fabric Manager is not running, so the NVSwitches carry nothing; start it"]),
        ...gpus
          .filter(({ driver }) => driver !== version)
          .slice(0, 1)
          .map(
            ({ driver }) =>
              `Fabric Manager ${version} does not match driver ${driver}; install the same version`,
          ),
        ...(expected.gpu.architecture === "Hopper" ? gpus.flatMap(registrationFaults) : []),
      ],
      ({ manager }) => `Fabric Manager ${manager.version} runs`,
    );
  },
};

/** From Hopper on, a GPU says itself whether the switches know it. */
function registrationFaults({ index, fabric: { state, status } }: GpuState): string[] {
  if (state === "Completed" && status === "Success") return [];
  return [
    `GPU ${index} is not registered with the NVSwitches (${state}, ${status}); restart Fabric Manager, then the host`,
  ];
}

function noFabric({ gpu, gpus }: ExpectedHost): Verdict {
  return {
    outcome: "not-needed",
    reason: `${gpus} x ${gpu.product} by the inventory: nothing of the kind joins them`,
  };
}
