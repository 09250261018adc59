import { groupOf, isKind } from "../../kubernetes/api-groups.ts";
import { devicesOf, isGpuDevice } from "../../kubernetes/devices.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { deviceClassesOf } from "../../kubernetes/resource-claims.ts";
import { inInfrastructure, isInferenceNamespace } from "../../kubernetes/scope.ts";
import {
  gpuDeviceClasses,
  isNetworkKey,
  namedNetworks,
  networkDefinitions,
} from "../../kubernetes/secondary-networks.ts";
import { entries, type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const noSecondaryNetworks: ResourceRule = {
  id: "E18",
  name: "no-secondary-networks",
  level: "resource",
  description:
    "No pod outside the infrastructure namespaces joins a network beside the cluster's own, by annotation, by device or by definition, unless the stack names it.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: {},
  remedy:
    "remove it: network policies do not hold on a second network; one that is needed goes into policies.secondaryNetworks",
  check: (object, settings) => {
    if (isKind(object, "Namespace")) return checkNamespace(object, settings);
    const definition = checkDefinition(object, settings);
    if (definition !== undefined) return definition;
    if (inInfrastructure(object, settings)) return [];
    if (isClaim(object)) return checkClaim(object, settings);
    const template = podTemplate(object);
    if (template === undefined) return [];
    if (isUnreadable(template.spec)) return [unreadable(object, template.spec)];
    return [
      ...checkKeys(object, template.metadata, namespaceOf(object), settings),
      ...containersOf(template).flatMap(({ field }) => checkDevices(object, field, settings)),
    ];
  },
};

/** Some plugins take the network of all pods from their namespace. */
function checkNamespace(object: KubeObject, settings: Settings): readonly Violation[] {
  const holds =
    isInferenceNamespace(object.name, settings) || object.name === settings.gatewayNamespace;
  if (!holds) return [];
  const metadata = get(rootField(object.body), "metadata");
  return checkKeys(object, metadata, String(object.name), settings);
}

function namespaceOf(object: KubeObject): string {
  return typeof object.namespace === "string" ? object.namespace : "(unknown)";
}

function checkKeys(
  object: KubeObject,
  metadata: Field,
  namespace: string,
  settings: Settings,
): readonly Violation[] {
  return ["annotations", "labels"].flatMap((place) => {
    const field = get(metadata, place);
    const keys = entries(field);
    // An unknown map may hold any of the keys.
    if (keys === undefined) return [unreadable(object, field)];
    return keys
      .filter(([key, value]) => isNetworkKey(key) && value.value !== undefined)
      .flatMap(([key, value]) => checkNetworks(object, key, value, namespace, settings));
  });
}

function checkNetworks(
  object: KubeObject,
  key: string,
  value: Field,
  namespace: string,
  settings: Settings,
): readonly Violation[] {
  if (isUnreadable(value)) return [unreadable(object, value)];
  const networks = namedNetworks(key, textOf(value) ?? "", namespace);
  if (networks === undefined) {
    return [violation(object, value, "may put pods on a network beside the cluster's own")];
  }
  return networks
    .filter((network) => !settings.policies.secondaryNetworks.includes(network))
    .map((network) => violation(object, value, `joins the network "${network}"`));
}

/** Network cards and RDMA devices are devices like any other, so only those that are known pass. */
function checkDevices(
  object: KubeObject,
  container: Field,
  settings: Settings,
): readonly Violation[] {
  const devices = devicesOf(container);
  if (devices === undefined) return [unreadable(object, get(container, "resources"))];
  return devices
    .filter(({ name }) => !isGpuDevice(name) && !settings.policies.secondaryNetworks.includes(name))
    .map(({ name, quantity }) =>
      violation(
        object,
        quantity,
        `asks for the device "${name}", which is no GPU and may be a network card`,
      ),
    );
}

function isClaim(object: KubeObject): boolean {
  return isKind(object, "ResourceClaim") || isKind(object, "ResourceClaimTemplate");
}

function checkClaim(object: KubeObject, settings: Settings): readonly Violation[] {
  return deviceClassesOf(object).flatMap((field) => {
    if (isUnreadable(field)) return [unreadable(object, field)];
    const name = textOf(field) ?? "";
    if (gpuDeviceClasses.has(name) || settings.policies.secondaryNetworks.includes(name)) return [];
    const problem = `claims a device of class "${name}", which is no GPU and may be a network card`;
    return [violation(object, field, problem)];
  });
}

/** `undefined` for an object that defines no network. */
function checkDefinition(object: KubeObject, settings: Settings): readonly Violation[] | undefined {
  const key = `${groupOf(object)}/${object.kind}`;
  const known = Object.hasOwn(networkDefinitions, key) ? networkDefinitions[key] : undefined;
  if (known === undefined) return undefined;
  const spec = get(rootField(object.body), "spec");
  const target = known.target === undefined ? undefined : get(spec, known.target);
  const place = target?.value === undefined ? object.namespace : target.value;
  if (target !== undefined && isUnreadable(target)) return [unreadable(object, target)];
  const inside =
    known.everywhere === true ||
    typeof place !== "string" ||
    isInferenceNamespace(place, settings) ||
    place === settings.gatewayNamespace;
  const named = `${typeof place === "string" ? place : ""}/${String(object.name)}`;
  if (!inside || settings.policies.secondaryNetworks.includes(named)) return [];
  const problem = "defines a network that pods beside a model could join";
  return [violation(object, { path: "kind", value: object.kind }, problem)];
}
