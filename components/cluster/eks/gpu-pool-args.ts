import type { GpuInstanceType } from "../../lib/instance-types.ts";
import type { GpuNodeImage } from "./node-images.ts";

/** Equal GPU nodes in one zone. */
export interface GpuPoolArgs {
  /** Short name, unique in the cluster. */
  readonly name: string;
  readonly instanceType: GpuInstanceType;
  readonly zone: string;
  /** Nodes that run. 0 only in a Capacity Block: before it begins, and for the time of an upgrade. */
  readonly count: number;
  /** Bounds within which somebody else may scale; `up` comes back to `count`. @default - `count`, so a fixed size */
  readonly minCount?: number;
  /** @default - `count`, or the machines of the Capacity Block */
  readonly maxCount?: number;
  /** Image of EKS that the nodes boot. @default "AL2023_x86_64_NVIDIA" */
  readonly amiType?: GpuNodeImage;
  /** Release of that image, as in `1.36.1-20261105`; decides the GPU driver. */
  readonly releaseVersion: string;
  /** Disk for images and writable layers of containers, GiB; not for weights. */
  readonly rootVolumeGib: number;
  /**
   * Lets EKS replace nodes with broken GPUs. Without spare capacity the replacement may find no machine.
   * @default false
   */
  readonly nodeRepair?: boolean;
  /** One EFA interface on every network card; for work that spans nodes. @default false */
  readonly efa?: boolean;
  /** Places the nodes close to each other. @default false */
  readonly placementGroup?: boolean;
  /** @default - on demand, from whatever is free */
  readonly capacity?: ReservedCapacity;
}

/** Machines that are kept for the pool; its nodes run in them and nowhere else. */
export type ReservedCapacity = OnDemandReservation | CapacityBlock;

export interface OnDemandReservation {
  readonly kind: "on-demand-reservation";
  /** As in `cr-0123456789abcdef0`. */
  readonly reservationId: string;
}

/** Bought for a time that is fixed at purchase; EC2 ends what runs in it half an hour before the end. */
export interface CapacityBlock {
  readonly kind: "capacity-block";
  /** As in `cr-0123456789abcdef0`. */
  readonly reservationId: string;
  /** Machines in the block. */
  readonly instances: number;
  /** Moment in UTC, as in `2026-12-01T11:30:00Z`. */
  readonly starts: string;
  /** Moment in UTC. */
  readonly ends: string;
}
