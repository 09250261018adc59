import { parseCidr, subnet } from "../lib/cidr.ts";
import type { GatewayConfig } from "../lib/stack/gateway.ts";

/**
 * ClusterIPs that stand in configurations, since pods of the gateway have no DNS. By default they are far below
 * those that the API server hands out by itself.
 */
const places = { controller: 32, limits: 33, counter: 34 } as const;

/**
 * Of the route controller.
 * @param serviceCidr addresses of Services, CIDR
 */
export function controllerAddress(
  { controllerAddress: chosen }: Pick<GatewayConfig, "controllerAddress">,
  serviceCidr: string,
): string {
  return chosen ?? addressAt(places.controller, serviceCidr);
}

/** Of the rate-limit service. */
export function limitsAddress(
  { limits }: Pick<GatewayConfig, "limits">,
  serviceCidr: string,
): string {
  return limits?.serviceAddress ?? addressAt(places.limits, serviceCidr);
}

/** Of the counter, which the rate-limit service alone asks. */
export function counterAddress(
  { limits }: Pick<GatewayConfig, "limits">,
  serviceCidr: string,
): string {
  return limits?.counterAddress ?? addressAt(places.counter, serviceCidr);
}

function addressAt(place: number, serviceCidr: string): string {
  const range = parseCidr(serviceCidr);
  const [address = ""] = subnet(range, range.family === 4 ? 32 : 128, place).text.split("/");
  return address;
}
