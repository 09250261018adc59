import { driverCheck } from "./checks/driver.ts";
import { fabricManagerCheck, nvlinkCheck } from "./checks/fabric.ts";
import { gpuMemoryCheck, gpuModesCheck, gpusCheck } from "./checks/gpus.ts";
import { acsCheck, clockCheck, memoryDumpsCheck } from "./checks/host.ts";
import { ncclCheck } from "./checks/nccl.ts";
import { networkCheck } from "./checks/network.ts";
import { nvmeCheck } from "./checks/storage.ts";
import type { ExpectedHost } from "./expected.ts";
import type { Recordings } from "./recordings.ts";
import { type Check, passes, type Verdict } from "./verdict.ts";

/** In the order in which faults are mended: what comes first makes later ones. */
export const checks: readonly Check[] = [
  driverCheck,
  gpusCheck,
  gpuModesCheck,
  gpuMemoryCheck,
  fabricManagerCheck,
  nvlinkCheck,
  acsCheck,
  ncclCheck,
  nvmeCheck,
  networkCheck,
  clockCheck,
  memoryDumpsCheck,
];

export interface Judged {
  readonly check: string;
  readonly title: string;
  readonly verdict: Verdict;
}

export interface HostReport {
  readonly host: string;
  readonly passed: boolean;
  readonly checks: readonly Judged[];
}

/** Every check of one host, whatever the others say. Pure. */
export function judgeHost(given: Recordings, expected: ExpectedHost): HostReport {
  const judged = checks.map(({ name, title, judge }) => ({
    check: name,
    title,
    verdict: judge(given, expected),
  }));
  return {
    host: expected.host,
    passed: judged.every(({ verdict }) => passes(verdict)),
    checks: judged,
  };
}
