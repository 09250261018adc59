import { thresholds } from "../thresholds.ts";
import { type NvmeDisks, readDisks } from "../tools/disks.ts";
import { type Check, readingOf, verdictOf } from "../verdict.ts";

const gigabyte = 1e9;

export const nvmeCheck: Check = {
  name: "nvme",
  title: `the inventory's NVMe, with ${thresholds.weightsFactor.value} times the weights free on one file system`,
  judge: (given, { nvmeGb, weightsGb, host }) => {
    if (nvmeGb === undefined) {
      const reason = `the inventory names no nvmeGb of ${host}; write how much there is, 0 for none`;
      return { outcome: "unknown", reason };
    }
    if (nvmeGb === 0) return { outcome: "not-needed", reason: "none by the inventory" };
    const wanted = thresholds.weightsFactor.value * weightsGb;
    return verdictOf(
      readingOf(given, "disks", readDisks),
      (found) => {
        const { disks, totalBytes } = found;
        const most = mostFree(found);
        return [
          ...(totalBytes >= nvmeGb * gigabyte
            ? []
            : [
                `${gb(totalBytes)} GB on ${disks} NVMe disks, and the inventory names ${nvmeGb}; look for the missing disk, or correct the inventory`,
              ]),
          ...(most >= wanted * gigabyte
            ? []
            : [
                `${gb(most)} GB free on the emptiest file system of NVMe, and ${wanted.toFixed(1)} are needed (${thresholds.weightsFactor.value} x ${weightsGb.toFixed(1)} GB of weights); join the disks to one array, or make room`,
              ]),
        ];
      },
      (found) =>
        `${gb(found.totalBytes)} GB on ${found.disks} disks, ${gb(mostFree(found))} GB free`,
    );
  },
};

/** Bytes on the emptiest file system: a model's files do not spread over several. */
function mostFree({ fileSystems }: NvmeDisks): number {
  return Math.max(0, ...fileSystems.map(({ freeBytes }) => freeBytes));
}

function gb(bytes: number): string {
  return Math.floor(bytes / gigabyte).toString();
}
