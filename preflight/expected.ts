import type { GpuHost } from "../components/cluster/bare-metal/inventory.ts";
import { type GpuFacts, gpuFacts } from "../components/lib/gpus.ts";

/** What one host is held against. */
export interface ExpectedHost {
  readonly host: string;
  readonly gpu: GpuFacts;
  readonly gpus: number;
  /** Local NVMe, GB; 0: none. `undefined`: the inventory does not say. */
  readonly nvmeGb: number | undefined;
  readonly nics: GpuHost["nics"];
  /** Weights of all models of the stack, GB (decimal). */
  readonly weightsGb: number;
  /** Exact driver version of the stack; `undefined`: it does not say. */
  readonly driver: string | undefined;
}

export function expectedHost(
  { name, gpu, nvmeGb, nics }: GpuHost,
  stack: Pick<ExpectedHost, "weightsGb" | "driver">,
): ExpectedHost {
  return { host: name, gpu: gpuFacts[gpu.model], gpus: gpu.count, nvmeGb, nics, ...stack };
}
