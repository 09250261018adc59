import type { EnsureOptions } from "../../cluster/binaries/ensure.ts";
import { ensureTool } from "../../cluster/binaries/ensure.ts";

/**
 * Has to be in the environment of every k6: by default it reports each run to its maker, and fetches a
 * binary from there where a script imports an extension.
 */
export const k6Environment = {
  K6_NO_USAGE_REPORT: "true",
  K6_AUTO_EXTENSION_RESOLUTION: "false",
} as const;

/** The path of exactly the pinned k6. */
export function k6Binary(options: EnsureOptions = {}): Promise<string> {
  return ensureTool("k6", options);
}
