import { elements, type Field, isUnreadable, rootField } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { type Aws, type AwsResource, comesFrom, given, ofKind, sourcesOf } from "./aws.ts";
import { checkPublicAddress } from "./node-networks.ts";

/** A subnet gives no public addresses, and its network and routes are in the graph. */
export function checkSubnet(aws: Aws, subnet: AwsResource): readonly Violation[] {
  return [
    ...checkPublicAddress(subnet, given(subnet, "mapPublicIpOnLaunch")),
    ...checkPlace(aws, subnet),
  ];
}

/** In a network of others, only a route table of the subnet's own says where packets go. */
function checkPlace(aws: Aws, subnet: AwsResource): readonly Violation[] {
  const vpc = given(subnet, "vpcId");
  if (comesFrom(aws, subnet, "vpcId", "ec2.Vpc")) return [];
  if (isUnreadable(vpc)) return [unreadable(subnet, vpc)];
  const problem =
    "names a network outside this stack, so nobody sees its resolver, its endpoints and who else is in it";
  const remedy = "make the network here, or accept it for a time in policies.exceptions";
  return [violation(subnet, vpc, problem, remedy), ...checkRouted(aws, subnet)];
}

function checkRouted(aws: Aws, subnet: AwsResource): readonly Violation[] {
  const routed = ofKind(aws, "ec2.RouteTableAssociation").some(
    (association) =>
      sourcesOf(aws, association, "subnetId").includes(subnet) &&
      comesFrom(aws, association, "routeTableId", "ec2.RouteTable"),
  );
  if (routed) return [];
  const problem = "has no route table of this stack, so the main one of its network routes";
  const remedy = "add an aws.ec2.RouteTable without routes, and associate it";
  return [violation(subnet, rootField(subnet.resource.properties), problem, remedy)];
}

/** Machines and interfaces must lie in subnets of the graph: of any other, nobody knows the routes. */
export function checkSubnets(
  aws: Aws,
  resource: AwsResource,
  list: Field,
  property: string,
): readonly Violation[] {
  if (isUnreadable(list)) return [unreadable(resource, list)];
  const subnets = sourcesOf(aws, resource, property).filter(({ kind }) => kind === "ec2.Subnet");
  const ids = Array.isArray(list.value) ? elements(list) : list.value === undefined ? [] : [list];
  const hidden = ids.filter(isUnreadable);
  const foreign = ids.filter(
    (id) =>
      !isUnreadable(id) && !subnets.some((each) => each.resource.properties["id"] === id.value),
  );
  return [
    ...(hidden.length > subnets.length ? hidden.map((id) => unreadable(resource, id)) : []),
    ...foreign.map((id) => {
      const problem = "names a subnet outside this stack, so nobody knows where its packets go";
      return violation(resource, id, problem, "use a subnet of this stack");
    }),
  ];
}
