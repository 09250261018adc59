import { nvlinkSpec, thresholds } from "../thresholds.ts";
import { readAllReduce } from "../tools/nccl.ts";
import { type Check, readingOf, verdictOf } from "../verdict.ts";

export const ncclCheck: Check = {
  name: "nccl",
  title: `all-reduce over all GPUs, correct, with ${thresholds.ncclShare.value * 100} % of NVLink's bandwidth`,
  judge: (given, { gpu, gpus }) => {
    if (gpus === 1) return { outcome: "not-needed", reason: "one GPU by the inventory" };
    const spec = nvlinkSpec(gpu);
    const least =
      spec === undefined ? undefined : spec.links * spec.gbPerSecond * thresholds.ncclShare.value;
    return verdictOf(
      readingOf(given, "nccl", readAllReduce),
      ({ ranks, bytes, busGbPerSecond, correct }) => [
        ...(ranks === gpus ? [] : [`${ranks} ranks for ${gpus} GPUs; run it with -g ${gpus}`]),
        ...(correct ? [] : ["all-reduce gave wrong values; have the machine looked at"]),
        ...(bytes >= thresholds.ncclBytes.value
          ? []
          : [
              `messages of up to ${bytes} bytes say nothing of bandwidth; run it up to ${thresholds.ncclBytes.value} at least (-e 8G)`,
            ]),
        ...(least === undefined || busGbPerSecond >= least
          ? []
          : [
              `${busGbPerSecond} GB/s bus bandwidth, and ${least} are expected; see nvlink, fabric-manager and pcie-acs`,
            ]),
      ],
      ({ busGbPerSecond }) =>
        least === undefined
          ? `${busGbPerSecond} GB/s; no floor is known without NVLink`
          : `${busGbPerSecond} GB/s, at least ${least}`,
    );
  },
};
