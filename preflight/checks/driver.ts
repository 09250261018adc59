import { andThen, read } from "../reading.ts";
import { thresholds } from "../thresholds.ts";
import { readCudaVersion, readGpus } from "../tools/gpus.ts";
import { type Check, readingOf, verdictOf } from "../verdict.ts";

export const driverCheck: Check = {
  name: "driver",
  title: `one driver, ${thresholds.driver.value} or newer, that brings CUDA ${thresholds.cuda.value} or newer`,
  judge: (given, expected) => {
    const reading = andThen(readingOf(given, "gpus", readGpus), (gpus) =>
      andThen(readingOf(given, "version", readCudaVersion), (cuda) =>
        read({ cuda, drivers: [...new Set(gpus.map(({ driver }) => driver))] }),
      ),
    );
    return verdictOf(
      reading,
      ({ cuda, drivers }) => [
        ...(drivers.length > 1
          ? [`GPUs report drivers ${drivers.join(" and ")}; install one and restart the host`]
          : []),
        ...drivers.flatMap((driver) => driverFaults(driver, expected.driver)),
        ...(newEnough(cuda, thresholds.cuda.value)
          ? []
          : [
              `CUDA ${cuda} is older than ${thresholds.cuda.value}, for which the engine is built; install a newer driver`,
            ]),
      ],
      ({ cuda, drivers }) => `driver ${drivers.join()}, CUDA ${cuda}`,
    );
  },
};

function driverFaults(driver: string, wanted: string | undefined): string[] {
  return [
    ...(newEnough(driver, String(thresholds.driver.value))
      ? []
      : [`driver ${driver} is older than ${thresholds.driver.value}; install a newer one`]),
    ...(wanted === undefined || wanted === driver
      ? []
      : [`driver ${driver} is not the ${wanted} of the stack; install that, or correct the stack`]),
  ];
}

/** Compared as major and minor version: 13.10 is newer than 13.9. */
function newEnough(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
