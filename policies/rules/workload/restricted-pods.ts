import {
  allowedCapability,
  appArmorTypes,
  hostHandlers,
  kubeletHandlers,
  restrictedVolumeTypes,
  safeSysctls,
  seccompTypes,
  seLinuxTypes,
  sharedNamespaces,
} from "../../data/pod-security.ts";
import { demandOneOf, effective } from "../../kubernetes/demands.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { inInfrastructure } from "../../kubernetes/scope.ts";
import { elements, entries, type Field, get, isUnreadable } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

const volumeTypes: ReadonlySet<string> = new Set(restrictedVolumeTypes);

const remedy = "set the field as the restricted Pod Security Standard asks, or remove it";

export const restrictedPods: ResourceRule = {
  id: "W01",
  name: "restricted-pods",
  level: "resource",
  description:
    "Every pod outside the infrastructure namespaces meets the restricted Pod Security Standard and shares no process namespace.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: {
    cis: ["5.2.1", "5.2.2", "5.2.3", "5.2.4", "5.2.5", "5.2.6", "5.2.7", "5.2.8", "5.7.2"],
    nsa: ["Pod"],
  },
  remedy,
  check: (object, settings) => {
    const template = podTemplate(object);
    if (template === undefined || inInfrastructure(object, settings)) return [];
    const { spec } = template;
    if (isUnreadable(spec)) return [unreadable(object, spec)];
    return [
      ...checkPod(object, spec),
      ...elements(get(spec, "volumes")).flatMap((volume) => checkVolume(object, volume)),
      ...containersOf(template).flatMap(({ field }) => checkContainer(object, spec, field)),
    ];
  },
};

function checkPod(object: KubeObject, spec: Field): readonly Violation[] {
  const context = get(spec, "securityContext");
  return [
    ...sharedNamespaces.flatMap((name) =>
      demandOneOf(object, get(spec, name), [undefined, false], `set ${name}: false or remove it`),
    ),
    ...checkContext(object, context),
    ...elements(get(context, "sysctls")).flatMap((sysctl) =>
      demandOneOf(object, get(sysctl, "name"), safeSysctls, "remove the unsafe sysctl"),
    ),
  ];
}

function checkVolume(object: KubeObject, volume: Field): readonly Violation[] {
  const parts = entries(volume);
  if (parts === undefined) return [unreadable(object, volume)];
  return parts
    .filter(([name, part]) => name !== "name" && part.value !== undefined && !volumeTypes.has(name))
    .map(([name, part]) =>
      violation(
        object,
        part,
        `"${name}" is no volume type of the restricted standard`,
        "use a persistentVolumeClaim, an emptyDir, a configMap or a secret",
      ),
    );
}

function checkContainer(object: KubeObject, spec: Field, container: Field): readonly Violation[] {
  if (isUnreadable(container)) return [unreadable(object, container)];
  const pod = get(spec, "securityContext");
  const own = get(container, "securityContext");
  if (isUnreadable(own)) return [unreadable(object, own)];
  const demand = (field: Field, allowed: Parameters<typeof demandOneOf>[2], how: string) =>
    demandOneOf(object, field, allowed, how);
  return [
    ...demand(get(own, "privileged"), [undefined, false], "set privileged: false or remove it"),
    ...demand(get(own, "allowPrivilegeEscalation"), [false], "set allowPrivilegeEscalation: false"),
    ...demand(get(own, "procMount"), [undefined, "Default"], "remove procMount"),
    ...demand(effective(pod, own, "runAsNonRoot"), [true], "set runAsNonRoot: true"),
    ...checkSeccomp(object, effective(pod, own, "seccompProfile")),
    ...checkCapabilities(object, get(own, "capabilities")),
    ...checkContext(object, own),
    ...elements(get(container, "ports")).flatMap((port) =>
      demand(get(port, "hostPort"), [undefined, 0], "remove hostPort and use a Service"),
    ),
    ...kubeletHandlers.flatMap((path) =>
      hostHandlers.flatMap((kind) =>
        demand(get(container, ...path, kind, "host"), [undefined, ""], "remove the host"),
      ),
    ),
  ];
}

function checkSeccomp(object: KubeObject, profile: Field): readonly Violation[] {
  return demandOneOf(
    object,
    get(profile, "type"),
    seccompTypes,
    'set seccompProfile: {type: "RuntimeDefault"}',
  );
}

function checkCapabilities(object: KubeObject, capabilities: Field): readonly Violation[] {
  if (isUnreadable(capabilities)) return [unreadable(object, capabilities)];
  const drop = get(capabilities, "drop");
  const dropped = elements(drop);
  const hidden = dropped.filter(isUnreadable);
  const missing = violation(
    object,
    drop,
    'does not hold "ALL"',
    'set capabilities: {drop: ["ALL"]}',
  );
  const dropsAll = dropped.some((each) => each.value === "ALL");
  return [
    ...(hidden.length > 0
      ? hidden.map((field) => unreadable(object, field))
      : dropsAll
        ? []
        : [missing]),
    ...elements(get(capabilities, "add")).flatMap((each) =>
      demandOneOf(object, each, [allowedCapability], "remove the capability"),
    ),
  ];
}

/** Settings that a pod's and a container's security context have in common. */
function checkContext(object: KubeObject, context: Field): readonly Violation[] {
  if (isUnreadable(context)) return [unreadable(object, context)];
  const linux = get(context, "seLinuxOptions");
  return [
    ...checkUser(object, get(context, "runAsUser")),
    ...demandOneOf(
      object,
      get(context, "windowsOptions", "hostProcess"),
      [undefined, false],
      "remove hostProcess",
    ),
    ...demandOneOf(
      object,
      get(context, "appArmorProfile", "type"),
      [undefined, ...appArmorTypes],
      "remove appArmorProfile",
    ),
    ...demandOneOf(
      object,
      get(linux, "type"),
      [undefined, "", ...seLinuxTypes],
      "remove the SELinux type",
    ),
    ...["user", "role"].flatMap((name) =>
      demandOneOf(object, get(linux, name), [undefined, ""], `remove the SELinux ${name}`),
    ),
  ];
}

function checkUser(object: KubeObject, user: Field): readonly Violation[] {
  if (isUnreadable(user)) return [unreadable(object, user)];
  if (user.value === undefined || (typeof user.value === "number" && user.value > 0)) return [];
  const problem = user.value === 0 ? "is 0, the root user" : "is not a user number above 0";
  return [violation(object, user, problem, "set runAsUser to a number above 0")];
}
