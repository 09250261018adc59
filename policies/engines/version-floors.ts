/** A version below which an engine is known to be unsafe. */
export interface VersionFloor {
  /** Dotted numbers, such as "0.30.0". */
  readonly version: string;
  /** What was mended in it. */
  readonly reason: string;
}

/**
 * By `id` of the engine. For the others no version is known that mends everything that was published:
 * for SGLang, CVE-2026-5760 and CVE-2026-7669 name none. An engine without a floor is not known to be safe.
 * Source: advisories of the projects, read 2026-11.
 */
export const versionFloors: ReadonlyMap<string, VersionFloor> = new Map([
  [
    "vllm",
    {
      version: "0.30.0",
      reason: "CVE-2026-105754, CVE-2026-105755 and CVE-2026-105756; CVE-2025-46570 long before",
    },
  ],
]);
