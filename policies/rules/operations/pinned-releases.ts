import { type Aws, type AwsResource, awsOf, comesFrom, given } from "../../cloud/aws.ts";
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
import type { Resource } from "../../model/resource.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { type Subject, unreadable, violation } from "../../model/violation.ts";

export const pinnedReleases: StackRule = {
  id: "O07",
  name: "pinned-releases",
  level: "stack",
  description:
    "Every chart, machine image and add-on is one release, and no driver is upgraded under running pods by itself.",
  severity: "medium",
  enforcement: "mandatory",
  mapping: {},
  remedy: "name one release",
  check: (graph) => {
    const aws = awsOf(graph);
    return [
      ...graph.resources.flatMap(checkChart),
      ...aws.all.flatMap((resource) => checks[resource.kind]?.(aws, resource) ?? []),
      ...graph.objects.flatMap(checkObject),
    ];
  },
};

/** One release: three numbers, and what its maker adds. No range, no wildcard. */
const chartVersion = /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;

/** A chart in a folder of this machine is what it is; any other is chosen by its version. */
function checkChart(resource: Resource): readonly Violation[] {
  if (!/^kubernetes:helm\.sh\/v\d:(?:Chart|Release)$/.test(resource.type)) return [];
  const root = rootField(resource.properties);
  const chart = get(root, "chart");
  if (isUnreadable(chart)) return [unreadable({ resource }, chart)];
  const name = textOf(chart) ?? "";
  const devel = demandOneOf({ resource }, get(root, "devel"), [undefined, false], "remove devel");
  if (isEmpty(get(root, "repositoryOpts")) && /^(?:\.{0,2}\/|\w:\\)/.test(name)) return devel;
  return [
    ...devel,
    ...checkVersion({ resource }, get(root, "version"), chartVersion, "the chart's version"),
  ];
}

function checkVersion(
  subject: Subject,
  field: Field,
  wanted: RegExp,
  what: string,
): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(subject, field)];
  if (typeof field.value === "string" && wanted.test(field.value)) return [];
  const problem =
    field.value === undefined || field.value === ""
      ? "is absent, so the newest release is taken"
      : "is not one release";
  return [violation(subject, field, problem, `pin ${what}`)];
}

type Check = (aws: Aws, resource: AwsResource) => readonly Violation[];

const checks: Readonly<Record<string, Check>> = {
  "eks.NodeGroup": checkNodeGroup,
  "eks.Addon": (_, addon) =>
    checkVersion(
      addon,
      given(addon, "addonVersion"),
      /^v\d+\.\d+\.\d+[\w.-]*$/,
      "the add-on's version",
    ),
  "eks.Cluster": (_, cluster) => [
    ...checkVersion(cluster, given(cluster, "version"), /^1\.\d+$/, "the version of Kubernetes"),
    // Auto Mode replaces the images of its nodes when it likes.
    ...demandOneOf(
      cluster,
      given(cluster, "computeConfig", "enabled"),
      [undefined, false],
      "use managed node groups with a releaseVersion",
    ),
  ],
  "ec2.LaunchTemplate": (_, template) => checkImage(template, given(template, "imageId"), false),
  "ec2.LaunchConfiguration": (_, each) => checkImage(each, given(each, "imageId"), true),
  "ec2.Instance": (aws, each) =>
    checkImage(
      each,
      given(each, "ami"),
      !comesFrom(aws, each, "launchTemplate", "ec2.LaunchTemplate"),
    ),
};

/** A template with an image of its own decides; otherwise the release of EKS' image does. */
function checkNodeGroup(aws: Aws, group: AwsResource): readonly Violation[] {
  if (given(group, "amiType").value === "CUSTOM") {
    // The template names the image then, and is judged itself.
    if (comesFrom(aws, group, "launchTemplate", "ec2.LaunchTemplate")) return [];
  }
  return checkVersion(
    group,
    given(group, "releaseVersion"),
    /^\d+\.\d+\.\d+-[\w.]+$/,
    "releaseVersion, such as 1.36.1-20261105",
  );
}

function checkImage(resource: AwsResource, image: Field, required: boolean): readonly Violation[] {
  if (isUnreadable(image)) return [unreadable(resource, image)];
  if (image.value === undefined && !required) return [];
  if (/^ami-[0-9a-f]+$/.test(textOf(image) ?? "")) return [];
  const problem = "is no id of a machine image, so another image can be taken";
  return [violation(resource, image, problem, "name the image by its id")];
}

function checkObject(object: KubeObject): readonly Violation[] {
  const spec = get(rootField(object.body), "spec");
  switch (`${groupOf(object)}/${object.kind}`) {
    case "nvidia.com/ClusterPolicy":
      return checkDriver(object, get(spec, "driver"));
    case "nvidia.com/NVIDIADriver":
      return checkDriver(object, spec);
    case "karpenter.k8s.aws/EC2NodeClass":
      return elements(get(spec, "amiSelectorTerms")).flatMap((term) => checkTerm(object, term));
    default:
      return [];
  }
}

function checkDriver(object: KubeObject, driver: Field): readonly Violation[] {
  if (isUnreadable(driver)) return [unreadable(object, driver)];
  if (get(driver, "enabled").value === false) return [];
  const upgrade = get(driver, "upgradePolicy", "autoUpgrade");
  return demandOneOf(object, upgrade, [undefined, false], "set upgradePolicy.autoUpgrade: false");
}

/** Karpenter follows an alias that ends in @latest, and whatever tags select. */
function checkTerm(object: KubeObject, term: Field): readonly Violation[] {
  if (isUnreadable(term)) return [unreadable(object, term)];
  const [alias, id] = [textOf(get(term, "alias")), textOf(get(term, "id"))];
  if (id !== undefined || /@v?\d[\w.]*$/.test(alias ?? "")) return [];
  const problem = "selects whatever image is newest";
  return [violation(object, term, problem, "name the image by id, or an alias with its release")];
}
