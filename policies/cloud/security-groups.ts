import { elements, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { type Aws, type AwsResource, given, ofKind, sourcesOf } from "./aws.ts";
import { isOpen, type OpenRange, type Ports, rangeOf } from "./ranges.ts";

const groupKinds = ["ec2.SecurityGroup", "ec2.DefaultSecurityGroup"];
const remedy =
  "narrow the rule to a security group or endpoint of the stack, or list the range in policies.allowedEgress";
const absentRemedy = "write egress: [], or give the group rules of its own";

/** What a rule of a security group is judged by. */
export interface Egress {
  readonly aws: Aws;
  readonly open: readonly OpenRange[];
}

/** A group with its rules inside; AWS opens a group that nobody says anything about. */
export function checkGroup({ aws, open }: Egress, group: AwsResource): readonly Violation[] {
  const egress = given(group, "egress");
  if (egress.value !== undefined) {
    return elements(egress).flatMap((rule) =>
      checkInlineRule({ aws, open }, group, rule, () => "egress"),
    );
  }
  const apart = ofKind(aws, "vpc.SecurityGroupEgressRule", "ec2.SecurityGroupRule").some(
    (rule) =>
      rule.resource.properties["type"] !== "ingress" &&
      sourcesOf(aws, rule, "securityGroupId").includes(group),
  );
  if (apart) return [];
  const problem = "is absent, and a group of which nobody says more is open to every destination";
  return [violation(group, egress, problem, absentRemedy)];
}

/** One rule with lists of peers: inside a group, or an aws.ec2.SecurityGroupRule. */
export function checkInlineRule(
  { aws, open }: Egress,
  resource: AwsResource,
  rule: Field,
  property: (name: string) => string,
): readonly Violation[] {
  if (isUnreadable(rule)) return [unreadable(resource, rule)];
  const ports = portsOf(rule, "protocol");
  return [
    ...["cidrBlocks", "ipv6CidrBlocks"].flatMap((name) =>
      elements(get(rule, name)).flatMap((block) => checkBlock(open, resource, block, ports)),
    ),
    ...["prefixListIds"].flatMap((name) =>
      checkSources(aws, resource, elements(get(rule, name)), property(name), ["ec2.VpcEndpoint"]),
    ),
    ...["securityGroups", "sourceSecurityGroupId"].flatMap((name) =>
      checkSources(aws, resource, listed(get(rule, name)), property(name), groupKinds),
    ),
  ];
}

/** An aws.vpc.SecurityGroupEgressRule, which has one peer. */
export function checkEgressRule({ aws, open }: Egress, rule: AwsResource): readonly Violation[] {
  const root = (name: string) => given(rule, name);
  const ports = portsOf({ path: "", value: rule.resource.properties }, "ipProtocol");
  return [
    ...["cidrIpv4", "cidrIpv6"].flatMap((name) =>
      listed(root(name)).flatMap((block) => checkBlock(open, rule, block, ports)),
    ),
    ...checkSources(aws, rule, listed(root("prefixListId")), "prefixListId", ["ec2.VpcEndpoint"]),
    ...checkSources(
      aws,
      rule,
      listed(root("referencedSecurityGroupId")),
      "referencedSecurityGroupId",
      groupKinds,
    ),
  ];
}

function checkBlock(
  open: readonly OpenRange[],
  resource: AwsResource,
  block: Field,
  ports: Ports,
): readonly Violation[] {
  if (isUnreadable(block)) return [unreadable(resource, block)];
  const range = rangeOf(textOf(block) ?? "");
  if (range !== undefined && isOpen(open, range, ports)) return [];
  const shown = typeof block.value === "string" ? `"${block.value}" ` : "";
  const problem = `${shown}lies outside the network of the nodes and is not listed for these ports`;
  return [violation(resource, block, problem, remedy)];
}

/** Ids must be those of resources in the graph; anything else may stand for the internet. */
export function checkSources(
  aws: Aws,
  resource: AwsResource,
  ids: readonly Field[],
  property: string,
  kinds: readonly string[],
): readonly Violation[] {
  const sources = sourcesOf(aws, resource, property).filter(({ kind }) => kinds.includes(kind));
  const hidden = ids.filter(isUnreadable);
  const foreign = ids.filter(
    (id) => !isUnreadable(id) && !sources.some((source) => isNamed(source, id)),
  );
  return [
    ...(hidden.length > sources.length ? hidden.map((id) => unreadable(resource, id)) : []),
    ...foreign.map((id) => {
      const problem = "names something outside this stack, so nobody knows where it leads";
      return violation(resource, id, problem, remedy);
    }),
  ];
}

/** A text that stands for a source: its id, or the prefix list of an endpoint. */
function isNamed({ resource }: AwsResource, id: Field): boolean {
  const { id: own, arn, prefixListId } = resource.properties;
  return typeof id.value === "string" && [own, arn, prefixListId].includes(id.value);
}

function listed(field: Field): readonly Field[] {
  if (field.value === undefined || field.value === "") return [];
  return typeof field.value === "object" ? elements(field) : [field];
}

/** A rule whose protocol or ports cannot be read is one of all. */
function portsOf(rule: Field, protocolName: string): Ports {
  const protocol = get(rule, protocolName).value;
  const [from, to] = [get(rule, "fromPort").value, get(rule, "toPort").value];
  if (typeof protocol !== "string" && typeof protocol !== "number") return everyPort;
  const name = String(protocol).toLowerCase();
  if (name === "-1" || name === "all") return everyPort;
  if (typeof from !== "number" || typeof to !== "number") return { ...everyPort, protocol: name };
  return { protocol: name, from, to };
}

const everyPort: Ports = { protocol: "-1", from: 0, to: 65_535 };
