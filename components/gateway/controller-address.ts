import { parseCidr, subnet } from "../lib/cidr.ts";
import type { GatewayConfig } from "../lib/stack/gateway.ts";

/** Places within the range of Services; far below those that the API server hands out by itself. */
const places = { controller: 32, limits: 33 } as const;

/**
 * ClusterIP of the route controller. Proxies have no DNS, so it stands in their configuration.
 * @param serviceCidr addresses of Services, CIDR
 */
export function controllerAddress(
  { controllerAddress: chosen }: Pick<GatewayConfig, "controllerAddress">,
  serviceCidr: string,
): string {
  return chosen ?? addressAt(places.controller, serviceCidr);
}

/** ClusterIP of the rate-limit service. */
export function limitsAddress(
  { limits }: Pick<GatewayConfig, "limits">,
  serviceCidr: string,
): string {
  return limits?.serviceAddress ?? addressAt(places.limits, serviceCidr);
}

function addressAt(place: number, serviceCidr: string): string {
  const range = parseCidr(serviceCidr);
  const [address = ""] = subnet(range, range.family === 4 ? 32 : 128, place).text.split("/");
  return address;
}
