import { andThen, read, unreadable } from "../reading.ts";
import { thresholds } from "../thresholds.ts";
import { readAcs } from "../tools/acs.ts";
import { readClock } from "../tools/clock.ts";
import { readCorePattern, readSwaps } from "../tools/kernel.ts";
import { type Check, readingOf, verdictOf } from "../verdict.ts";

export const acsCheck: Check = {
  name: "pcie-acs",
  title: "PCIe access control off, so that devices reach each other",
  judge: (given, { gpus }) => {
    const reading = andThen(readingOf(given, "pci", readAcs), (devices) =>
      devices.nvidia >= gpus
        ? read(devices.withAcs)
        : unreadable(`lspci.txt shows ${devices.nvidia} devices of NVIDIA for ${gpus} GPUs`),
    );
    return verdictOf(
      reading,
      (devices) => {
        const on = devices.filter((device) => device.on.length > 0);
        const [first] = on;
        return first === undefined
          ? []
          : [
              `${on.length} of ${devices.length} PCIe devices reroute what others send (${first.on.join(", ")} on ${first.device}), which hangs transfers between GPUs; switch ACS off in the firmware`,
            ];
      },
      (devices) => `${devices.length} devices, none reroutes`,
    );
  },
};

export const clockCheck: Check = {
  name: "clock",
  title: `clock that follows a source, at most ${thresholds.clockOffset.value} s off`,
  judge: (given) =>
    verdictOf(
      readingOf(given, "clock", readClock),
      ({ offsetSeconds, stratum, leapStatus }) => [
        ...(leapStatus === "Normal" && stratum > 0
          ? []
          : [
              `the clock follows nothing (stratum ${stratum}, ${leapStatus}); give chrony a server of your own`,
            ]),
        ...(Math.abs(offsetSeconds) <= thresholds.clockOffset.value
          ? []
          : [
              `the clock is ${offsetSeconds} s off, and ${thresholds.clockOffset.value} s are allowed; wait, or chronyc makestep`,
            ]),
      ],
      ({ offsetSeconds, stratum }) => `${offsetSeconds} s off, stratum ${stratum}`,
    ),
};

export const memoryDumpsCheck: Check = {
  name: "memory-on-disk",
  title: "no swap, and no program that gets the memory of what crashed: both hold prompts",
  judge: (given) => {
    const reading = andThen(readingOf(given, "swaps", readSwaps), (swaps) =>
      andThen(readingOf(given, "corePattern", readCorePattern), ({ pipe }) =>
        read({ swaps, pipe }),
      ),
    );
    return verdictOf(
      reading,
      ({ swaps, pipe }) => [
        ...swaps.map((swap) => `swap on ${swap}; swapoff, and take it out of fstab`),
        ...(pipe === undefined
          ? []
          : [`crashed processes go to ${pipe}; set kernel.core_pattern to a file name`]),
      ],
      () => "neither",
    );
  },
};
