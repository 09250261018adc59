import { gpuInstanceTypes } from "../../lib/instance-types.ts";
import type { EksClusterArgs } from "./eks-args.ts";
import { countFault, faults } from "./fault-list.ts";
import type { CapacityBlock, GpuPoolArgs } from "./gpu-pool-args.ts";
import { defaultGpuNodeImage, gpuNodeImages } from "./node-images.ts";

type Surroundings = Pick<EksClusterArgs, "zones" | "kubernetesVersion" | "addonVersions">;

/** Everything wrong with one pool, one sentence each. */
export function gpuPoolFaults(pool: GpuPoolArgs, around: Surroundings): string[] {
  const owner = `gpuPools "${pool.name}"`;
  const block = pool.capacity?.kind === "capacity-block" ? pool.capacity : undefined;
  return [
    ...faults(
      [
        !/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/.test(pool.name),
        `${owner}: name is not 1 to 20 lower-case letters, digits and hyphens that start with a letter`,
      ],
      [
        !around.zones.includes(pool.zone),
        `${owner}: zone "${pool.zone}" is not among zones [${around.zones.join(", ")}]`,
      ],
      releaseFault(owner, pool, around.kubernetesVersion),
      [
        pool.nodeRepair === true && around.addonVersions.nodeMonitoringAgent === undefined,
        `${owner}: nodeRepair is true, but nothing on the nodes reports broken GPUs; set addonVersions.nodeMonitoringAgent`,
      ],
    ),
    ...sizeFaults(owner, pool, block),
    ...placeFaults(owner, pool),
    ...(block === undefined ? [] : blockFaults(owner, block)),
  ];
}

function releaseFault(
  owner: string,
  { amiType = defaultGpuNodeImage, releaseVersion }: GpuPoolArgs,
  kubernetesVersion: string,
): readonly [boolean, string] {
  const { release, example, namesKubernetes } = gpuNodeImages[amiType];
  const other = namesKubernetes && !releaseVersion.startsWith(`${kubernetesVersion}.`);
  const what = namesKubernetes ? `Kubernetes ${kubernetesVersion}` : amiType;
  return [
    !release.test(releaseVersion) || other,
    `${owner}: releaseVersion "${releaseVersion}" is not an image release of ${what}; write it as in ${example(kubernetesVersion)}`,
  ];
}

function sizeFaults(owner: string, pool: GpuPoolArgs, block: CapacityBlock | undefined): string[] {
  const { count, minCount = block === undefined ? count : 0 } = pool;
  const { maxCount = block?.instances ?? count } = pool;
  const empty = block !== undefined && count === 0;
  return faults(
    empty ? [false, ""] : countFault(owner, count),
    [
      !Number.isInteger(minCount) || minCount < 0 || minCount > count,
      `${owner}: minCount ${minCount} is not a whole number from 0 to count ${count}`,
    ],
    [
      !Number.isInteger(maxCount) || maxCount < count,
      `${owner}: maxCount ${maxCount} is not a whole number from count ${count}`,
    ],
    [
      block !== undefined && maxCount > block.instances,
      `${owner}: maxCount ${maxCount} is more than the ${block?.instances} machines of the Capacity Block; lower count or maxCount`,
    ],
  );
}

function placeFaults(owner: string, pool: GpuPoolArgs): string[] {
  const { capacity, instanceType } = pool;
  return faults(
    [
      pool.efa === true && gpuInstanceTypes[instanceType].efaInterfaces === 0,
      `${owner}: efa is true, but ${instanceType} has no EFA interface; remove efa or choose a larger machine`,
    ],
    [
      pool.placementGroup === true && capacity !== undefined,
      `${owner}: placementGroup is true, but machines of a reservation lie where they were reserved; remove placementGroup, or reserve in a group of your own`,
    ],
    [
      capacity !== undefined && !/^cr-[0-9a-f]{17}$/.test(capacity.reservationId),
      `${owner}: capacity.reservationId "${capacity?.reservationId}" is not a reservation; write it as in cr-0123456789abcdef0`,
    ],
  );
}

function blockFaults(owner: string, { starts, ends, instances }: CapacityBlock): string[] {
  return [
    ...faults([
      !Number.isInteger(instances) || instances < 1,
      `${owner}: capacity.instances ${instances} is not a whole number from 1`,
    ]),
    ...Object.entries({ starts, ends }).flatMap(([field, moment]) =>
      faults([
        !isMoment(moment),
        `${owner}: capacity.${field} "${moment}" is not a moment in UTC; write it as in 2026-12-01T11:30:00Z`,
      ]),
    ),
    ...faults([
      isMoment(starts) && isMoment(ends) && starts >= ends,
      `${owner}: capacity.ends ${ends} is not after capacity.starts ${starts}`,
    ]),
  ];
}

/** One form only, so that moments compare as texts. */
function isMoment(text: string): boolean {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return false;
  return date.toISOString().replace(".000Z", "Z") === text;
}
