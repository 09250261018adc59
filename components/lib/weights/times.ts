/**
 * How long weights may take to arrive and to be verified. Upper bounds, so that something sound is never given up.
 * Sources: the line is a design assumption of 200 Mbit/s, 2026-11, not measured. SHA-256 in Node 24 was measured at
 * 2.0 GB/s on one core of an AMD EPYC with SHA extensions, 2026-11; a fifth of it is taken, for cores without.
 */
export const weightsTimes = {
  /** Slowest line to the source, GB per second. */
  sourceGbPerSecond: 0.025,
  /** Slowest hashing, GB per second. */
  hashGbPerSecond: 0.4,
  /** Being scheduled, pulling the image, retries, seconds. */
  marginSeconds: 900,
} as const;

/** Seconds that hashing all files takes at most. */
export function verifySeconds(weightsGb: number): number {
  return Math.ceil(weightsGb / weightsTimes.hashGbPerSecond);
}

/** Seconds until a staging Job counts as failed: fetching, hashing once more, and a margin. */
export function stagingSeconds(weightsGb: number): number {
  const fetching = Math.ceil(weightsGb / weightsTimes.sourceGbPerSecond);
  return fetching + verifySeconds(weightsGb) + weightsTimes.marginSeconds;
}
