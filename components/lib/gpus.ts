/** GPU models this product sizes for. */
export type GpuModel = "a100-sxm-80gb" | "a100-sxm-40gb";

export interface GpuFacts {
  /** Value of the `nvidia.com/gpu.product` label that GPU feature discovery sets. */
  readonly product: string;
  /** Memory as sold, GB (decimal). */
  readonly memoryGb: number;
  /** Value of `nvidia.com/gpu.memory`, MiB, as the driver reports it. */
  readonly memoryMib: number;
  /** CUDA compute capability. */
  readonly computeCapability: `${number}.${number}`;
}

/**
 * Source: NVIDIA A100 data sheet (memory, capability 8.0) and the labels GPU feature discovery
 * publishes; 2026-11. The MiB column is what `nvidia-smi` reports on these boards and is not verified
 * on hardware of this project.
 */
export const gpuFacts = {
  "a100-sxm-80gb": {
    product: "NVIDIA-A100-SXM4-80GB",
    memoryGb: 80,
    memoryMib: 81920,
    computeCapability: "8.0",
  },
  "a100-sxm-40gb": {
    product: "NVIDIA-A100-SXM4-40GB",
    memoryGb: 40,
    memoryMib: 40960,
    computeCapability: "8.0",
  },
} as const satisfies Record<GpuModel, GpuFacts>;
