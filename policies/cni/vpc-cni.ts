import { type Aws, type AwsResource, given, ofKind } from "../cloud/aws.ts";
import { isKind } from "../kubernetes/api-groups.ts";
import { configData, parseText } from "../kubernetes/config-data.ts";
import { demandOneOf } from "../kubernetes/demands.ts";
import { commandLine } from "../kubernetes/engine.ts";
import { environmentOf } from "../kubernetes/environment.ts";
import { containersOf, podTemplate } from "../kubernetes/pod-templates.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { type Subject, unreadable, violation } from "../model/violation.ts";

const mode = "NETWORK_POLICY_ENFORCING_MODE";
const addonRemedy =
  'set configurationValues to {"enableNetworkPolicy": "true", "env": {"NETWORK_POLICY_ENFORCING_MODE": "strict"}}';

/** Whether the graph turns Amazon's plugin to its strict mode. */
export function isStrict(aws: Aws): boolean {
  return vpcCniAddons(aws).some((addon) => checkAddon(addon).length === 0);
}

/** One that is not known yet may be this one. */
function vpcCniAddons(aws: Aws): readonly AwsResource[] {
  return ofKind(aws, "eks.Addon").filter((addon) => {
    const name = given(addon, "addonName");
    return isUnreadable(name) || name.value === "vpc-cni";
  });
}

/** A cluster of EKS enforces nothing until its network add-on is told to. */
export function checkEks(aws: Aws, anotherPlugin: boolean): readonly Violation[] {
  const addons = vpcCniAddons(aws);
  const missing = addons.length === 0 && !anotherPlugin;
  return [
    ...(missing ? ofKind(aws, "eks.Cluster").map(withoutAddon) : []),
    ...addons.flatMap(checkAddon),
    ...ofKind(aws, "eks.NodeGroup").flatMap(checkImageType),
    ...ofKind(aws, "eks.FargateProfile").map((profile) =>
      violation(
        profile,
        rootField(profile.resource.properties),
        "runs pods on Fargate, where the plugin enforces no network policy",
        "run the pods on nodes",
      ),
    ),
  ];
}

/** The plugin's agent exists for Linux alone. */
function checkImageType(group: AwsResource): readonly Violation[] {
  const type = given(group, "amiType");
  if (isUnreadable(type)) return [unreadable(group, type)];
  if (!/windows/i.test(textOf(type) ?? "")) return [];
  const problem = "is Windows, where the plugin enforces no network policy";
  return [violation(group, type, problem, "use an image type of Linux")];
}

function withoutAddon(cluster: AwsResource): Violation {
  const problem =
    "has no vpc-cni add-on in this stack, so its nodes start with a plugin that enforces nothing";
  return violation(cluster, rootField(cluster.resource.properties), problem, addonRemedy);
}

function checkAddon(addon: AwsResource): readonly Violation[] {
  const name = given(addon, "addonName");
  if (isUnreadable(name)) return [unreadable(addon, name)];
  const values = given(addon, "configurationValues");
  if (isUnreadable(values)) return [unreadable(addon, values)];
  if (values.value === undefined) {
    const problem = "is absent, so the plugin enforces no network policy";
    return [violation(addon, values, problem, addonRemedy)];
  }
  return parseText(textOf(values) ?? "", values.path).flatMap((document) =>
    checkValues(addon, document),
  );
}

function checkValues(subject: Subject, values: Field): readonly Violation[] {
  if (isUnreadable(values)) return [unreadable(subject, values)];
  return [
    ...demandOneOf(subject, get(values, "enableNetworkPolicy"), ["true"], addonRemedy),
    ...demandOneOf(subject, get(values, "env", mode), ["strict"], addonRemedy),
  ];
}

/** The plugin deployed by hand or by its chart. */
export function checkVpcCniObject(object: KubeObject): readonly Violation[] {
  if (isKind(object, "ConfigMap") && object.name === "amazon-vpc-cni") return checkMap(object);
  const template = podTemplate(object);
  if (template === undefined || !isKind(object, "DaemonSet")) return [];
  return containersOf(template).flatMap(({ field }) => {
    switch (textOf(get(field, "name")) ?? "") {
      case "aws-node":
        return checkNodeContainer(object, field);
      case "aws-eks-nodeagent":
        return checkAgentContainer(object, field);
      default:
        return [];
    }
  });
}

function checkMap(map: KubeObject): readonly Violation[] {
  const { texts } = configData(map);
  return texts
    .filter(({ key, text }) => key === "enable-network-policy-controller" && text !== "true")
    .map(({ field }) => violation(map, field, 'is not "true", so nothing enforces', 'set "true"'));
}

function checkNodeContainer(object: KubeObject, container: Field): readonly Violation[] {
  const entry = environmentOf(container).variables.get(mode);
  if (entry === undefined) {
    const problem = `does not set ${mode}, so a new pod may talk to everybody at first`;
    return [violation(object, container, problem, `set ${mode} to "strict"`)];
  }
  return demandOneOf(object, get(entry, "value"), ["strict"], `set ${mode} to "strict"`);
}

function checkAgentContainer(object: KubeObject, container: Field): readonly Violation[] {
  if (commandLine(container).includes("--enable-network-policy=true")) return [];
  const problem = "does not turn network policies on";
  return [violation(object, container, problem, "add --enable-network-policy=true")];
}
