import { parseCidr, subnet } from "../lib/cidr.ts";
import type { GatewayConfig } from "../lib/stack/gateway.ts";

/** Address within the range of Services; far below those that the API server hands out by itself. */
const place = 32;

/**
 * ClusterIP of the route controller. Proxies have no DNS, so it stands in their configuration.
 * @param serviceCidr addresses of Services, CIDR
 */
export function controllerAddress(
  { controllerAddress: chosen }: Pick<GatewayConfig, "controllerAddress">,
  serviceCidr: string,
): string {
  if (chosen !== undefined) return chosen;
  const range = parseCidr(serviceCidr);
  const [address = ""] = subnet(range, range.family === 4 ? 32 : 128, place).text.split("/");
  return address;
}
