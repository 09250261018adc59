import type { GpuModel } from "./gpus.ts";

/** Cloud machines with GPUs that this product sizes for. */
export type GpuInstanceType = "p4de.24xlarge" | "p4d.24xlarge";

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
  /** Year and month in which the source was read. */
  readonly asOf: `${number}-${number}`;
}

const priceList = {
  region: "us-east-1",
  source: "third-party price list datareceipts, hyperscalers.json",
  asOf: "2026-11",
} as const;

const p4 = { gpus: 8, vcpus: 96, memoryGib: 1152, efaInterfaces: 4 } as const;

/**
 * Source: torchx `named_resources_aws.py` for GPUs, CPU, memory and EFA, read 2026-11; disks from the
 * vendor's product page, not verified on a machine.
 */
export const gpuInstanceTypes = {
  "p4de.24xlarge": {
    ...p4,
    gpu: "a100-sxm-80gb",
    nvme: { disks: 8, gbPerDisk: 1000 },
    onDemand: { ...priceList, usdPerHour: 27.44705 },
  },
  "p4d.24xlarge": {
    ...p4,
    gpu: "a100-sxm-40gb",
    nvme: { disks: 8, gbPerDisk: 1000 },
    onDemand: { ...priceList, usdPerHour: 21.957642 },
  },
} as const satisfies Record<GpuInstanceType, GpuInstanceFacts>;
