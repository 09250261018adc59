import { andThen, read, unreadable } from "../reading.ts";
import { type GpuState, type RemappedRows, readGpus, readRemappedRows } from "../tools/gpus.ts";
import { type Check, readingOf, verdictOf } from "../verdict.ts";

export const gpusCheck: Check = {
  name: "gpus",
  title: "GPUs as many and of the model that the inventory names",
  judge: (given, { gpu, gpus }) =>
    verdictOf(
      readingOf(given, "gpus", readGpus),
      (found) => [
        ...(found.length === gpus
          ? []
          : [
              `${found.length} GPUs, and the inventory names ${gpus}; look for the missing ones in the kernel's log (Xid 79), or correct the inventory`,
            ]),
        ...found
          .filter(({ name }) => productOf(name) !== gpu.product)
          .map(
            ({ index, name }) =>
              `GPU ${index} is ${name}, and the inventory names ${gpu.product}; correct the inventory`,
          ),
      ],
      (found) => `${found.length} x ${found[0]?.name}`,
    ),
};

/** As GPU feature discovery writes it into a label. */
function productOf(name: string): string {
  return name.replaceAll(" ", "-");
}

export const gpuModesCheck: Check = {
  name: "gpu-modes",
  title: "persistence on, MIG off",
  judge: (given) =>
    verdictOf(
      readingOf(given, "gpus", readGpus),
      (found) => found.flatMap(modeFaults),
      (found) => `${found.length} GPUs`,
    ),
};

function modeFaults({ index, persistent, mig }: GpuState): string[] {
  return [
    ...(persistent
      ? []
      : [`GPU ${index} has persistence off, so its driver unloads; start nvidia-persistenced`]),
    ...(mig === true
      ? [`GPU ${index} is cut by MIG, and models take whole GPUs; nvidia-smi -i ${index} -mig 0`]
      : []),
  ];
}

export const gpuMemoryCheck: Check = {
  name: "gpu-memory",
  title: "ECC on, no uncorrected error, no row that waits to be remapped",
  judge: (given) => {
    const reading = andThen(readingOf(given, "gpus", readGpus), (gpus) =>
      andThen(readingOf(given, "remappedRows", readRemappedRows), (rows) =>
        rows.length === gpus.length
          ? read({ gpus, rows })
          : unreadable(`remapped-rows.csv names ${rows.length} GPUs and gpus.csv ${gpus.length}`),
      ),
    );
    return verdictOf(
      reading,
      ({ gpus, rows }) => [...gpus.flatMap(eccFaults), ...rows.flatMap(rowFaults)],
      ({ gpus, rows }) =>
        `${gpus.length} GPUs, ${rows.reduce((sum, { uncorrectable }) => sum + uncorrectable, 0)} rows remapped so far`,
    );
  },
};

function eccFaults({ index, ecc, uncorrectedErrors }: GpuState): string[] {
  return [
    ...(ecc
      ? []
      : [`GPU ${index} has ECC off; nvidia-smi -i ${index} -e 1, then restart the host`]),
    ...(uncorrectedErrors === 0
      ? []
      : [
          `GPU ${index} has ${uncorrectedErrors} uncorrected memory errors since its driver was loaded; reset it, and have it replaced if they return`,
        ]),
  ];
}

function rowFaults({ busId, pending, failure }: RemappedRows): string[] {
  return [
    ...(pending ? [`GPU at ${busId} waits to remap rows; reset it or restart the host`] : []),
    ...(failure ? [`GPU at ${busId} failed to remap rows; have it replaced`] : []),
  ];
}
