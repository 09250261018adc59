import type { EnsureOptions } from "../../cluster/binaries/ensure.ts";
import { ensureTool } from "../../cluster/binaries/ensure.ts";

/** By default the service listens on every address and sends statistics to a StatsD. */
export const ratelimitEnvironment = {
  HOST: "127.0.0.1",
  GRPC_HOST: "127.0.0.1",
  DEBUG_HOST: "127.0.0.1",
  USE_STATSD: "false",
} as const;

/** The path of exactly the pinned rate-limit service of Envoy. */
export function ratelimitBinary(options: EnsureOptions = {}): Promise<string> {
  return ensureTool("ratelimit", options);
}
