import type { GpuModel } from "./gpus.ts";

/** Cloud machines with GPUs that this product sizes for. */
export type GpuInstanceType =
  | "g5.12xlarge"
  | "g5.48xlarge"
  | "g5.8xlarge"
  | "g6.12xlarge"
  | "g6.48xlarge"
  | "g6.8xlarge"
  | "g6e.12xlarge"
  | "g6e.48xlarge"
  | "g6e.4xlarge"
  | "p4d.24xlarge"
  | "p4de.24xlarge"
  | "p5.48xlarge"
  | "p5.4xlarge"
  | "p5en.48xlarge";

export interface GpuInstanceFacts {
  readonly gpu: GpuModel;
  readonly gpus: number;
  readonly vcpus: number;
  readonly memoryGib: number;
  /** Elastic Fabric Adapters, as `vpc.amazonaws.com/efa` counts them. */
  readonly efaInterfaces: number;
  readonly nvme: { readonly disks: number; readonly gbPerDisk: number };
  readonly onDemand: DatedPrice;
}

/** A price is true on one day in one region. */
export interface DatedPrice {
  readonly usdPerHour: number;
  readonly region: string;
  readonly source: string;
  /** Year and month that the price is of. */
  readonly asOf: `${number}-${number}`;
}

function price(usdPerHour: number): DatedPrice {
  return {
    usdPerHour,
    region: "us-east-1",
    source: "third-party list tsaol/aws-gpu, from instances.vantage.sh",
    asOf: "2026-01",
  };
}

function priceOfNovember(usdPerHour: number): DatedPrice {
  return {
    usdPerHour,
    region: "us-east-1",
    source: "third-party price list datareceipts, hyperscalers.json",
    asOf: "2026-11",
  };
}

const p4 = {
  gpus: 8,
  vcpus: 96,
  memoryGib: 1152,
  efaInterfaces: 4,
  nvme: { disks: 8, gbPerDisk: 1000 },
} as const;
const p5 = {
  gpus: 8,
  vcpus: 192,
  memoryGib: 2048,
  nvme: { disks: 8, gbPerDisk: 3800 },
} as const;

/**
 * Those of AWS's machines whose processors and memory suffice for a model on all their GPUs, and whose price
 * could be read; p5e.48xlarge has none in this region. Prices are to be refreshed before they are used.
 * Sources: GPUs, CPU, memory and EFA as torchx's `named_resources_aws.py` has them (read 2026-11), which lacks
 * g6 and p5.4xlarge: those from the list of prices, their EFA from memory of the vendor's pages. Disks from the
 * list of prices. Nothing was read on a machine.
 */
export const gpuInstanceTypes = {
  "g5.8xlarge": {
    gpu: "a10g-24gb",
    gpus: 1,
    vcpus: 32,
    memoryGib: 128,
    efaInterfaces: 1,
    nvme: { disks: 1, gbPerDisk: 900 },
    onDemand: price(2.448),
  },
  "g5.12xlarge": {
    gpu: "a10g-24gb",
    gpus: 4,
    vcpus: 48,
    memoryGib: 192,
    efaInterfaces: 1,
    nvme: { disks: 1, gbPerDisk: 3800 },
    onDemand: price(5.672),
  },
  "g5.48xlarge": {
    gpu: "a10g-24gb",
    gpus: 8,
    vcpus: 192,
    memoryGib: 768,
    efaInterfaces: 1,
    nvme: { disks: 2, gbPerDisk: 3800 },
    onDemand: price(16.288),
  },
  "g6.8xlarge": {
    gpu: "l4-24gb",
    gpus: 1,
    vcpus: 32,
    memoryGib: 128,
    efaInterfaces: 1,
    nvme: { disks: 2, gbPerDisk: 450 },
    onDemand: price(2.0144),
  },
  "g6.12xlarge": {
    gpu: "l4-24gb",
    gpus: 4,
    vcpus: 48,
    memoryGib: 192,
    efaInterfaces: 1,
    nvme: { disks: 4, gbPerDisk: 940 },
    onDemand: price(4.6016),
  },
  "g6.48xlarge": {
    gpu: "l4-24gb",
    gpus: 8,
    vcpus: 192,
    memoryGib: 768,
    efaInterfaces: 1,
    nvme: { disks: 8, gbPerDisk: 940 },
    onDemand: price(13.3504),
  },
  "g6e.4xlarge": {
    gpu: "l40s-48gb",
    gpus: 1,
    vcpus: 16,
    memoryGib: 128,
    efaInterfaces: 0,
    nvme: { disks: 1, gbPerDisk: 600 },
    onDemand: price(3.00424),
  },
  "g6e.12xlarge": {
    gpu: "l40s-48gb",
    gpus: 4,
    vcpus: 48,
    memoryGib: 384,
    efaInterfaces: 0,
    nvme: { disks: 2, gbPerDisk: 1900 },
    onDemand: price(10.49264),
  },
  "g6e.48xlarge": {
    gpu: "l40s-48gb",
    gpus: 8,
    vcpus: 192,
    memoryGib: 1536,
    efaInterfaces: 4,
    nvme: { disks: 4, gbPerDisk: 1900 },
    onDemand: price(30.13118),
  },
  "p4d.24xlarge": { ...p4, gpu: "a100-sxm-40gb", onDemand: priceOfNovember(21.957642) },
  "p4de.24xlarge": { ...p4, gpu: "a100-sxm-80gb", onDemand: priceOfNovember(27.44705) },
  "p5.4xlarge": {
    gpu: "h100-sxm-80gb",
    gpus: 1,
    vcpus: 16,
    memoryGib: 256,
    efaInterfaces: 1,
    nvme: { disks: 1, gbPerDisk: 3800 },
    onDemand: price(6.88),
  },
  "p5.48xlarge": {
    ...p5,
    gpu: "h100-sxm-80gb",
    efaInterfaces: 32,
    onDemand: price(55.04),
  },
  "p5en.48xlarge": {
    ...p5,
    gpu: "h200-sxm-141gb",
    efaInterfaces: 16,
    onDemand: price(63.296),
  },
} as const satisfies Record<GpuInstanceType, GpuInstanceFacts>;
