import { elements, type Field, get, isEmpty, isUnreadable } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { type Aws, type AwsResource, comesFrom, given, ofKind, sourcesOf } from "./aws.ts";
import { checkSources } from "./security-groups.ts";

const groupRemedy = "name a security group of the stack that closes egress";
const groupKinds = ["ec2.SecurityGroup", "ec2.DefaultSecurityGroup"];

/** A node group without a template gets the group that EKS makes, which permits all egress. */
export function checkNodeGroup(aws: Aws, group: AwsResource): readonly Violation[] {
  const template = given(group, "launchTemplate");
  if (template.value === undefined) {
    const problem = "is absent, so EKS attaches its own security group, which permits all egress";
    return [violation(group, template, problem, "give the node group a launch template")];
  }
  if (comesFrom(aws, group, "launchTemplate", "ec2.LaunchTemplate")) return [];
  const problem = "names a template outside this stack, so nobody knows its security groups";
  return [violation(group, template, problem, "take the template from this stack")];
}

export function checkTemplateNetwork(aws: Aws, template: AwsResource): readonly Violation[] {
  const interfaces = elements(given(template, "networkInterfaces"));
  const direct = given(template, "vpcSecurityGroupIds");
  const lists = [
    ...(isEmpty(direct) && interfaces.length > 0 ? [] : [direct]),
    ...interfaces.map((each) => (isUnreadable(each) ? each : get(each, "securityGroups"))),
  ];
  return [
    ...lists.flatMap((list) => checkGroups(aws, template, list)),
    ...interfaces.flatMap((each) =>
      checkPublicAddress(template, get(each, "associatePublicIpAddress")),
    ),
  ];
}

export function checkInstanceNetwork(aws: Aws, instance: AwsResource): readonly Violation[] {
  const groups = given(instance, "vpcSecurityGroupIds");
  return [
    // Without one the instance gets its network's default group, which must be closed.
    ...(isEmpty(groups) ? [] : checkGroups(aws, instance, groups)),
    ...checkPublicAddress(instance, given(instance, "associatePublicIpAddress")),
  ];
}

function checkGroups(aws: Aws, resource: AwsResource, list: Field): readonly Violation[] {
  if (isUnreadable(list)) return [unreadable(resource, list)];
  if (isEmpty(list)) {
    const problem = "is absent, so a security group that permits all egress may be attached";
    return [violation(resource, list, problem, groupRemedy)];
  }
  const property = /^[^.[]+/.exec(list.path)?.[0] ?? "";
  const foreign = sourcesOf(aws, resource, property).some(({ kind }) => kind === "eks.Cluster");
  if (foreign) {
    const problem = "holds the group that EKS makes, which permits all egress";
    return [violation(resource, list, problem, groupRemedy)];
  }
  return checkSources(aws, resource, elements(list), property, groupKinds);
}

export function checkPublicAddress(resource: AwsResource, field: Field): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(resource, field)];
  if ([undefined, false, "false", ""].some((value) => value === field.value)) return [];
  return [violation(resource, field, "gives nodes an address of the internet", "remove it")];
}

/** The group that AWS gives to whatever names none; its rules as AWS makes it permit all egress. */
export function checkNetwork(aws: Aws, vpc: AwsResource): readonly Violation[] {
  const closed = ofKind(aws, "ec2.DefaultSecurityGroup").some((group) =>
    sourcesOf(aws, group, "vpcId").includes(vpc),
  );
  if (closed) return [];
  const problem = "keeps its default security group, which permits all egress";
  const remedy = "add an aws.ec2.DefaultSecurityGroup with egress: []";
  return [violation(vpc, { path: "", value: undefined }, problem, remedy)];
}
