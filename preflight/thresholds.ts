import { vllmFacts } from "../components/lib/fit/engine-facts.ts";
import type { GpuFacts } from "../components/lib/gpus.ts";

export interface Threshold {
  readonly value: number | string;
  readonly unit: string;
  readonly source: string;
  /** When the source was read. */
  readonly asOf: `${number}-${number}`;
}

/** What a host has to reach. Nothing here was measured on hardware of this project. */
export const thresholds = {
  driver: {
    value: vllmFacts.leastDriver,
    unit: "major version, at least",
    source: "NVIDIA's compatibility rule for the CUDA that the engine is built for",
    asOf: "2026-11",
  },
  cuda: {
    value: vllmFacts.cuda,
    unit: "version, at least",
    source: "the engine's own build settings, envs.py of vLLM 0.33.0",
    asOf: "2026-11",
  },
  fabricManagerFrom: {
    value: 8,
    unit: "GPUs of one machine with NVLink, from which on NVSwitches join them",
    source:
      "NVIDIA's HGX boards: four GPUs are wired to each other, eight through NVSwitch; not verified",
    asOf: "2026-11",
  },
  weightsFactor: {
    value: 2,
    unit: "times the weights of all models of the stack, free on one file system",
    source: "room for the next revision beside the running one, as on the volumes of this product",
    asOf: "2026-11",
  },
  mtu: {
    value: 1500,
    unit: "bytes, at least, where the inventory names none",
    source: "Ethernet",
    asOf: "2026-11",
  },
  clockOffset: {
    value: 0.05,
    unit: "seconds, at most",
    source: "alert NodeClockSkewDetected of the node-exporter mixin, from memory; not verified",
    asOf: "2026-11",
  },
  ncclShare: {
    value: 0.6,
    unit: "of the NVLink bandwidth in one direction, as bus bandwidth of all-reduce, at least",
    source:
      "derived: reports of healthy A100 machines say 200 to 208 of 300 GB/s (NVIDIA/nccl-tests#149, #178), and a broken path says 20",
    asOf: "2026-11",
  },
  ncclBytes: {
    value: 2 ** 30,
    unit: "bytes of the largest message, at least",
    source: "derived: below, latency decides and not bandwidth",
    asOf: "2026-11",
  },
} as const satisfies Record<string, Threshold>;

/** NVLinks of one GPU and what each carries in one direction, GB/s. */
export interface NvlinkSpec {
  readonly links: number;
  readonly gbPerSecond: number;
}

/**
 * Third and fourth generation as NVIDIA's data sheets count them: 12 and 18 links of 25 GB/s; read 2026-11,
 * not verified on hardware. `undefined`: the board has none that this product counts on.
 */
export function nvlinkSpec({ nvlinkGbPerSecond, architecture }: GpuFacts): NvlinkSpec | undefined {
  if (nvlinkGbPerSecond === undefined) return undefined;
  return { links: architecture === "Hopper" ? 18 : 12, gbPerSecond: 25 };
}
