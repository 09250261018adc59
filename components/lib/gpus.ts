/** GPU models this product sizes for. */
export type GpuModel =
  | "a100-sxm-80gb"
  | "a100-sxm-40gb"
  | "a100-pcie-80gb"
  | "a100-pcie-40gb"
  | "h100-sxm-80gb"
  | "h100-pcie-80gb"
  | "h200-sxm-141gb"
  | "l40s-48gb"
  | "a10g-24gb"
  | "l4-24gb";

export interface GpuFacts {
  /** Value of the `nvidia.com/gpu.product` label that GPU feature discovery sets. */
  readonly product: string;
  readonly architecture: "Ampere" | "Ada" | "Hopper";
  /** CUDA compute capability. */
  readonly computeCapability: `${number}.${number}`;
  /** Memory as sold, GB (decimal). */
  readonly memoryGb: number;
  /** Value of `nvidia.com/gpu.memory`, MiB, as the driver reports it. */
  readonly memoryMib: number;
  /** What a CUDA program finds of it, GiB. */
  readonly visibleGib: number;
  /** Memory bandwidth, TB/s. */
  readonly bandwidthTbPerSecond: number;
  /** Peak compute of dense matrices: TFLOP/s, and TOP/s for int8. Undefined: no such units. */
  readonly peak: { readonly bf16: number; readonly int8: number; readonly fp8: number | undefined };
  /** Whether matrices are multiplied in FP8; without it FP8 only saves memory. */
  readonly nativeFp8: boolean;
  /** NVLink to the other GPUs of the machine, GB/s in both directions together. */
  readonly nvlinkGbPerSecond: number | undefined;
}

const ampere = {
  architecture: "Ampere",
  computeCapability: "8.0",
  peak: { bf16: 312, int8: 624, fp8: undefined },
  nativeFp8: false,
} as const;

const hopper = { architecture: "Hopper", computeCapability: "9.0", nativeFp8: true } as const;
const ada = { architecture: "Ada", computeCapability: "8.9", nativeFp8: true } as const;
const hopperSxm = {
  ...hopper,
  peak: { bf16: 989, int8: 1979, fp8: 1979 },
  nvlinkGbPerSecond: 900,
} as const;

/**
 * Sources, 2026-11. Nothing here was read on hardware of this project.
 * - Memory as sold, bandwidth, dense peaks (half of those "with sparsity"), capability: NVIDIA's data sheets
 *   as winston-zhang-orz/gpu-specs (A100, H100 PCIe, L40S, L4) and astroC86/gpu-datasheet (H100 SXM, H200)
 *   copy them; bandwidth of A10G from baseten.co. The peaks of A10G and all of NVLink are not verified.
 * - Labels: GPU feature discovery writes the driver's product name with hyphens for spaces.
 * - MiB: `nvidia-smi` as modal-labs/modal-client#2797 lists it for A100, H100, L40S and L4, and
 *   NVIDIA/TensorRT-LLM#7818 shows it for A10G; H200 and the PCIe boards are not verified.
 * - Visible GiB: the "total capacity" of PyTorch's out-of-memory messages in public reports, the smallest
 *   seen. A100 80 GB 79.25, A100 40 GB 39.38 to 39.56, H100 79.1 to 79.2, H200 139.72 to 139.81, L40S 44.34
 *   to 44.40, L4 22.03, A10G 22.0 to 22.1; the PCIe boards are assumed to be like their SXM sisters.
 *   It is less than the driver's MiB: the driver keeps some for itself.
 * - PCIe boards may be joined in pairs by a bridge; a machine without one is assumed.
 */
export const gpuFacts = {
  "a100-sxm-80gb": {
    ...ampere,
    product: "NVIDIA-A100-SXM4-80GB",
    memoryGb: 80,
    memoryMib: 81_920,
    visibleGib: 79.25,
    bandwidthTbPerSecond: 2.039,
    nvlinkGbPerSecond: 600,
  },
  "a100-sxm-40gb": {
    ...ampere,
    product: "NVIDIA-A100-SXM4-40GB",
    memoryGb: 40,
    memoryMib: 40_960,
    visibleGib: 39.4,
    bandwidthTbPerSecond: 1.555,
    nvlinkGbPerSecond: 600,
  },
  "a100-pcie-80gb": {
    ...ampere,
    product: "NVIDIA-A100-80GB-PCIe",
    memoryGb: 80,
    memoryMib: 81_920,
    visibleGib: 79.25,
    bandwidthTbPerSecond: 1.935,
    nvlinkGbPerSecond: undefined,
  },
  "a100-pcie-40gb": {
    ...ampere,
    product: "NVIDIA-A100-PCIE-40GB",
    memoryGb: 40,
    memoryMib: 40_960,
    visibleGib: 39.4,
    bandwidthTbPerSecond: 1.555,
    nvlinkGbPerSecond: undefined,
  },
  "h100-sxm-80gb": {
    ...hopperSxm,
    product: "NVIDIA-H100-80GB-HBM3",
    memoryGb: 80,
    memoryMib: 81_559,
    visibleGib: 79.1,
    bandwidthTbPerSecond: 3.35,
  },
  "h100-pcie-80gb": {
    ...hopper,
    product: "NVIDIA-H100-PCIe",
    memoryGb: 80,
    memoryMib: 81_559,
    visibleGib: 79.1,
    bandwidthTbPerSecond: 2,
    peak: { bf16: 756, int8: 1513, fp8: 1513 },
    nvlinkGbPerSecond: undefined,
  },
  "h200-sxm-141gb": {
    ...hopperSxm,
    product: "NVIDIA-H200",
    memoryGb: 141,
    memoryMib: 143_771,
    visibleGib: 139.7,
    bandwidthTbPerSecond: 4.8,
  },
  "l40s-48gb": {
    ...ada,
    product: "NVIDIA-L40S",
    memoryGb: 48,
    memoryMib: 46_068,
    visibleGib: 44.3,
    bandwidthTbPerSecond: 0.864,
    peak: { bf16: 362, int8: 733, fp8: 733 },
    nvlinkGbPerSecond: undefined,
  },
  "a10g-24gb": {
    product: "NVIDIA-A10G",
    architecture: "Ampere",
    computeCapability: "8.6",
    memoryGb: 24,
    memoryMib: 23_028,
    visibleGib: 22,
    bandwidthTbPerSecond: 0.6,
    peak: { bf16: 70, int8: 140, fp8: undefined },
    nativeFp8: false,
    nvlinkGbPerSecond: undefined,
  },
  "l4-24gb": {
    ...ada,
    product: "NVIDIA-L4",
    memoryGb: 24,
    memoryMib: 23_034,
    visibleGib: 22,
    bandwidthTbPerSecond: 0.3,
    peak: { bf16: 121, int8: 242, fp8: 242 },
    nvlinkGbPerSecond: undefined,
  },
} as const satisfies Record<GpuModel, GpuFacts>;
