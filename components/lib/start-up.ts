/**
 * How long an engine may need to start. Source: design assumption of a network file system at 1 GB/s
 * as the slowest storage, and the compile time that the AWS guide on fast model loading states for
 * 140 GB of weights; 2026-11. Not measured on hardware of this project.
 */
export const startUp = {
  /** Slowest storage assumed, GB per second. */
  storageGbPerSecond: 1,
  /** torch.compile without a kept cache, seconds. */
  compileSeconds: 60,
  /** CUDA graph capture and reserve, seconds. */
  marginSeconds: 240,
} as const;

/** Seconds that reading the weights and compiling take at least. */
export function loadSeconds(weightsGb: number): number {
  return Math.ceil(weightsGb / startUp.storageGbPerSecond) + startUp.compileSeconds;
}

/** Seconds a start may take before the pod counts as failed. */
export function startupBudgetSeconds(weightsGb: number): number {
  return loadSeconds(weightsGb) + startUp.marginSeconds;
}
