import { type Aws, type AwsResource, awsOf, comesFrom, given, sourcesOf } from "../../cloud/aws.ts";
import { groupOf } from "../../kubernetes/api-groups.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import {
  elements,
  type Field,
  get,
  isEmpty,
  isUnreadable,
  rootField,
  textOf,
} from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { type Subject, unreadable, violation } from "../../model/violation.ts";

const templateRemedy =
  "give it a launch template of this stack with httpTokens: required and a hop limit of 1";

export const instanceMetadata: StackRule = {
  id: "S05",
  name: "instance-metadata",
  level: "stack",
  description:
    "The metadata service of every machine asks for a session token and answers no pod: IMDSv2 with a hop limit of 1.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy: 'set metadataOptions: {httpTokens: "required", httpPutResponseHopLimit: 1}',
  check: (graph) => {
    const aws = awsOf(graph);
    return [
      ...aws.all.flatMap((resource) => checks[resource.kind]?.(aws, resource) ?? []),
      ...graph.objects.flatMap(checkNodeClass),
    ];
  },
};

type Check = (aws: Aws, resource: AwsResource) => readonly Violation[];

const checks: Readonly<Record<string, Check>> = {
  "ec2.LaunchTemplate": (_, template) => checkOptions(template, given(template, "metadataOptions")),
  "ec2.LaunchConfiguration": (_, configuration) =>
    checkOptions(configuration, given(configuration, "metadataOptions")),
  "ec2.Instance": checkInstance,
  "ec2.SpotInstanceRequest": checkInstance,
  "ec2.InstanceMetadataDefaults": (_, defaults) => [
    ...demandOneOf(defaults, given(defaults, "httpTokens"), ["required"], "require tokens"),
    ...demandOneOf(
      defaults,
      given(defaults, "httpPutResponseHopLimit"),
      [1],
      "set httpPutResponseHopLimit: 1",
    ),
  ],
  "eks.NodeGroup": (aws, group) =>
    checkReference(aws, group, "launchTemplate", given(group, "launchTemplate")),
  "autoscaling.Group": checkScalingGroup,
  "ec2.Fleet": (aws, fleet) =>
    elements(given(fleet, "launchTemplateConfig")).flatMap((config) =>
      checkReference(
        aws,
        fleet,
        "launchTemplateConfig",
        get(config, "launchTemplateSpecification"),
      ),
    ),
  "ec2.SpotFleetRequest": (aws, fleet) =>
    elements(given(fleet, "launchTemplateConfigs")).flatMap((config) =>
      checkReference(
        aws,
        fleet,
        "launchTemplateConfigs",
        get(config, "launchTemplateSpecification"),
      ),
    ),
};

/** Both settings, or no metadata service at all. */
function checkOptions(subject: Subject, options: Field): readonly Violation[] {
  if (isUnreadable(options)) return [unreadable(subject, options)];
  if (get(options, "httpEndpoint").value === "disabled") return [];
  return [
    ...demandOneOf(subject, get(options, "httpTokens"), ["required"], 'set httpTokens: "required"'),
    ...demandOneOf(
      subject,
      get(options, "httpPutResponseHopLimit"),
      [1],
      "set httpPutResponseHopLimit: 1, so that no pod gets an answer",
    ),
  ];
}

function checkInstance(aws: Aws, instance: AwsResource): readonly Violation[] {
  const options = given(instance, "metadataOptions");
  const template = given(instance, "launchTemplate");
  if (isEmpty(options) && !isEmpty(template)) {
    return checkReference(aws, instance, "launchTemplate", template);
  }
  return checkOptions(instance, options);
}

function checkScalingGroup(aws: Aws, group: AwsResource): readonly Violation[] {
  const mixed = given(group, "mixedInstancesPolicy", "launchTemplate");
  const old = given(group, "launchConfiguration");
  if (!isEmpty(mixed)) {
    return [
      get(mixed, "launchTemplateSpecification"),
      ...elements(get(mixed, "overrides"))
        .map((override) => get(override, "launchTemplateSpecification"))
        .filter((field) => !isEmpty(field)),
    ].flatMap((field) => checkReference(aws, group, "mixedInstancesPolicy", field));
  }
  if (!isEmpty(old) && comesFrom(aws, group, "launchConfiguration", "ec2.LaunchConfiguration")) {
    return [];
  }
  return checkReference(aws, group, "launchTemplate", given(group, "launchTemplate"));
}

/** The template must be one that this rule sees, in the version that it sees. */
function checkReference(
  aws: Aws,
  resource: AwsResource,
  property: string,
  reference: Field,
): readonly Violation[] {
  if (reference.value === undefined) {
    const problem = "is absent, so machines start with the defaults of AWS, which answer pods";
    return [violation(resource, reference, problem, templateRemedy)];
  }
  if (isUnreadable(reference)) return [unreadable(resource, reference)];
  const templates = sourcesOf(aws, resource, property).filter(
    ({ kind }) => kind === "ec2.LaunchTemplate",
  );
  if (templates.length === 0) {
    const problem = "names a template outside this stack, so nobody knows its settings";
    return [violation(resource, reference, problem, templateRemedy)];
  }
  return checkVersion(resource, get(reference, "version"), templates);
}

/** An older version of a template says what it said then. */
function checkVersion(
  resource: AwsResource,
  version: Field,
  templates: readonly AwsResource[],
): readonly Violation[] {
  // Unknown is what the template itself will answer.
  if (isUnreadable(version) || version.value === "$Latest") return [];
  const current = templates.some((template) =>
    ["latestVersion", "defaultVersion"].some((name) => {
      const { value } = given(template, name);
      return typeof value === "number" && String(value) === textOf(version);
    }),
  );
  const isDefault = version.value === undefined || version.value === "$Default";
  const follows = templates.every((each) => given(each, "updateDefaultVersion").value === true);
  if (current || (isDefault && follows)) return [];
  const problem = "can be a version of the template that is not the one in this stack";
  return [violation(resource, version, problem, "use the template's own latestVersion")];
}

/** Karpenter's nodes; those of EKS Auto Mode have both settings fixed by AWS. */
function checkNodeClass(object: KubeObject): readonly Violation[] {
  if (`${groupOf(object)}/${object.kind}` !== "karpenter.k8s.aws/EC2NodeClass") return [];
  return checkOptions(object, get(rootField(object.body), "spec", "metadataOptions"));
}
