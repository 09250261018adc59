import { type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { type Aws, type AwsResource, sourcesOf } from "./aws.ts";
import { isPrivate, rangeOf } from "./ranges.ts";

const remedy = "remove the route; nodes reach services of AWS through VPC endpoints";

/** Targets behind which the internet lies, whatever the destination. */
const outward = {
  natGatewayId: "a NAT gateway",
  egressOnlyGatewayId: "an egress-only internet gateway",
  carrierGatewayId: "a carrier gateway",
} as const;

/** Targets that lead to other networks of the owner. */
const inward = [
  "coreNetworkArn",
  "localGatewayId",
  "networkInterfaceId",
  "instanceId",
  "odbNetworkArn",
  "transitGatewayId",
  "vpcEndpointId",
  "vpcPeeringConnectionId",
] as const;

/** Names of the destinations, in a route of its own and in one inside a table. */
const destinations = [
  "destinationCidrBlock",
  "destinationIpv6CidrBlock",
  "cidrBlock",
  "ipv6CidrBlock",
] as const;

/**
 * A route of a table: it must stay inside, or lead to a private range through a network of the owner.
 * `property` is where the engine's record of sources is kept: the field itself, or the list it is in.
 */
export function checkRoute(
  aws: Aws,
  resource: AwsResource,
  route: Field,
  property: (name: string) => string,
): readonly Violation[] {
  if (isUnreadable(route)) return [unreadable(resource, route)];
  for (const [name, what] of Object.entries(outward)) {
    const target = get(route, name);
    if (!isSet(target)) continue;
    return [violation(resource, target, `leads to ${what}, and so to the internet`, remedy)];
  }
  const gateway = get(route, "gatewayId");
  if (isSet(gateway)) return checkGateway(aws, resource, route, gateway, property("gatewayId"));
  const target = inward.map((name) => get(route, name)).find(isSet);
  if (target !== undefined) return checkDestination(resource, route);
  return [violation(resource, route, "has no target that a rule knows", remedy)];
}

/** One field for several kinds: "local", an internet gateway, or a gateway of a private line. */
function checkGateway(
  aws: Aws,
  resource: AwsResource,
  route: Field,
  gateway: Field,
  property: string,
): readonly Violation[] {
  if (gateway.value === "local") return [];
  const kinds = sourcesOf(aws, resource, property).map(({ kind }) => kind);
  const internet = kinds.includes("ec2.InternetGateway");
  if (internet || (textOf(gateway) ?? "").startsWith("igw-")) {
    return [violation(resource, gateway, "leads to an internet gateway", remedy)];
  }
  if (kinds.includes("ec2.VpnGateway") || (textOf(gateway) ?? "").startsWith("vgw-")) {
    return checkDestination(resource, route);
  }
  if (isUnreadable(gateway)) return [unreadable(resource, gateway)];
  return [violation(resource, gateway, "is a gateway of a kind that no rule knows", remedy)];
}

function checkDestination(resource: AwsResource, route: Field): readonly Violation[] {
  const list = get(route, "destinationPrefixListId");
  if (isSet(list)) {
    const problem = "stands for ranges that nobody can read here";
    return [violation(resource, list, problem, "name each range by its CIDR")];
  }
  const named = destinations.map((name) => get(route, name)).filter(isSet);
  if (named.length === 0) {
    return [violation(resource, route, "has no destination", "name the range by its CIDR")];
  }
  return named.flatMap((destination) => {
    if (isUnreadable(destination)) return [unreadable(resource, destination)];
    const range = rangeOf(textOf(destination) ?? "");
    if (range !== undefined && isPrivate(range)) return [];
    const problem = "is no private range, so the route leads out";
    return [violation(resource, destination, problem, remedy)];
  });
}

/** Lists of the API fill what does not apply with empty texts. */
function isSet(field: Field): boolean {
  return field.value !== undefined && field.value !== "";
}
