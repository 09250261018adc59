import { demandOneOf } from "../kubernetes/demands.ts";
import { elements, type Field, get, isEmpty, isUnreadable, textOf } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { type Aws, type AwsResource, comesFrom, given, ofKind, sourcesOf } from "./aws.ts";
import { checkResourceKey } from "./customer-key.ts";

/** Root devices of Amazon Linux and Bottlerocket, and of most other images. */
const rootDevices = ["/dev/xvda", "/dev/sda1"];
/** Where Bottlerocket keeps images and writable layers of containers. */
const bottlerocketData = "/dev/xvdb";

/** `encrypted` and `kmsKeyId` of one device. */
export function checkDevice(aws: Aws, resource: AwsResource, device: Field): readonly Violation[] {
  if (isUnreadable(device)) return [unreadable(resource, device)];
  return [
    ...demandOneOf(resource, get(device, "encrypted"), [true, "true"], "set encrypted: true"),
    ...checkResourceKey(aws, resource, get(device, "kmsKeyId")),
  ];
}

/** A template must name its disks: what it leaves out is made as the image says. */
export function checkTemplateDevices(aws: Aws, template: AwsResource): readonly Violation[] {
  const mappings = given(template, "blockDeviceMappings");
  const devices = elements(mappings);
  const hidden = devices.filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(template, field));
  const names = devices.map((device) => get(device, "deviceName").value);
  const missing = neededDevices(aws, template).filter(
    (wanted) => !names.some((name) => typeof name === "string" && wanted.includes(name)),
  );
  return [
    ...missing.map((wanted) =>
      violation(
        template,
        mappings,
        `maps no ${wanted[0]}, so that disk gets the encryption of the image, if any`,
        `map ${wanted[0]} with encrypted: true and a kmsKeyId`,
      ),
    ),
    ...devices.flatMap((device) => checkMapping(aws, template, device)),
  ];
}

function checkMapping(aws: Aws, template: AwsResource, device: Field): readonly Violation[] {
  const ebs = get(device, "ebs");
  const local = [get(device, "virtualName"), get(device, "noDevice")];
  // A disk inside the machine has no settings, and ends with it.
  if (isEmpty(ebs) && local.some((field) => !isEmpty(field) && !isUnreadable(field))) return [];
  return checkDevice(aws, template, ebs);
}

function neededDevices(aws: Aws, template: AwsResource): readonly (readonly string[])[] {
  const groups = ofKind(aws, "eks.NodeGroup").filter((group) =>
    sourcesOf(aws, group, "launchTemplate").includes(template),
  );
  const bottlerocket = groups.some((group) => {
    const type = given(group, "amiType");
    return isUnreadable(type) || (textOf(type) ?? "").startsWith("BOTTLEROCKET");
  });
  return bottlerocket ? [rootDevices, [bottlerocketData]] : [rootDevices];
}

/** An instance of its own, with or without a template below it. */
export function checkInstanceDevices(aws: Aws, instance: AwsResource): readonly Violation[] {
  const root = given(instance, "rootBlockDevice");
  const templated = comesFrom(aws, instance, "launchTemplate", "ec2.LaunchTemplate");
  return [
    ...(root.value === undefined && templated ? [] : checkDevice(aws, instance, root)),
    ...elements(given(instance, "ebsBlockDevices")).flatMap((device) =>
      checkDevice(aws, instance, device),
    ),
  ];
}
