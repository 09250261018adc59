import {
  elements,
  entries,
  type Field,
  get,
  isEmpty,
  isUnreadable,
  rootField,
  textOf,
} from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Graph, Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { groupOf, isKind } from "./api-groups.ts";
import { demandOneOf } from "./demands.ts";
import { commandLine } from "./engine.ts";
import { type Sharing, sharingIn, sharingOfConfig } from "./gpu-sharing.ts";
import { podSpecOf } from "./pod-spec.ts";
import { containerLists } from "./pod-templates.ts";
import { claimDevices, claimRequests } from "./resource-claims.ts";

const remedy = "remove the section; partition GPUs by MIG where one is too large for a pod";

/** Everything in a graph that makes one GPU serve several pods. */
export function gpuConfigFaults(graph: Graph): readonly Violation[] {
  const named = pluginConfigs(graph.objects);
  return [
    ...graph.resources.flatMap((resource) => {
      if (resource.type !== "kubernetes:helm.sh/v4:Chart") return [];
      const values = get(rootField(resource.properties), "values");
      const sharing = sharingIn(values.value);
      if (sharing === undefined) return [];
      return [{ resource, path: values.path, problem: describe(sharing), remedy }];
    }),
    ...graph.objects.flatMap((object) => [
      ...checkConfigMap(object, named),
      ...checkClusterPolicy(object, graph.objects),
      ...checkFeatureGates(object),
      ...checkControlDaemon(object),
      ...checkClaim(object),
    ]),
  ];
}

function describe(sharing: Sharing): string {
  if (sharing === "unreadable") return "cannot be read, so it may share GPUs between pods";
  return `shares GPUs between pods by ${sharing}`;
}

function isClusterPolicy(object: KubeObject): boolean {
  return groupOf(object) === "nvidia.com" && object.kind === "ClusterPolicy";
}

function pluginConfig(policy: KubeObject): Field {
  return get(rootField(policy.body), "spec", "devicePlugin", "config", "name");
}

/** Names of the ConfigMaps that the GPU operator hands to the device plugin. */
function pluginConfigs(objects: readonly KubeObject[]): ReadonlySet<string | undefined> {
  const names = objects.filter(isClusterPolicy).map((policy) => textOf(pluginConfig(policy)));
  return new Set(names.filter((name) => name !== undefined && name !== ""));
}

function checkConfigMap(
  object: KubeObject,
  named: ReadonlySet<string | undefined>,
): readonly Violation[] {
  if (!isKind(object, "ConfigMap")) return [];
  const root = rootField(object.body);
  const known = typeof object.name === "string" && named.has(object.name);
  const data = get(root, "data");
  const binary = get(root, "binaryData");
  const parts = entries(data) ?? [["", data] as const];
  return [
    ...(known && !isEmpty(binary)
      ? [violation(object, binary, describe("unreadable"), remedy)]
      : []),
    ...parts.flatMap(([, text]) => {
      const sharing = known ? sharingOfConfig(text.value) : sharingIn(text.value);
      // A text of another kind may mention the words without being read by the plugin.
      if (sharing === undefined || (!known && sharing === "unreadable")) return [];
      return [violation(object, text, describe(sharing), remedy)];
    }),
  ];
}

function checkClusterPolicy(
  object: KubeObject,
  objects: readonly KubeObject[],
): readonly Violation[] {
  if (!isClusterPolicy(object)) return [];
  const spec = get(rootField(object.body), "spec");
  if (isUnreadable(spec)) return [unreadable(object, spec)];
  const plugin = get(spec, "devicePlugin");
  return [
    ...checkReference(object, pluginConfig(object), objects),
    ...[
      ...elements(get(plugin, "env")).map((entry) => get(entry, "name")),
      ...elements(get(plugin, "args")),
    ]
      .filter(steersPlugin)
      .map((field) =>
        violation(object, field, "gives the device plugin a configuration from elsewhere", remedy),
      ),
    ...["vgpuManager", "vgpuDeviceManager"].flatMap((name) =>
      demandOneOf(
        object,
        get(spec, name, "enabled"),
        [undefined, false],
        `set ${name}.enabled: false; a vGPU is a share of a GPU's time`,
      ),
    ),
  ];
}

/** Variables and arguments of the device plugin that bring a configuration; source: its README, 2026-11. */
function steersPlugin(word: Field): boolean {
  return typeof word.value !== "string" || /config[-_]file|mps|sharing|slicing/i.test(word.value);
}

/** Features of the driver for dynamic allocation by which claims may share a GPU. */
function checkFeatureGates(object: KubeObject): readonly Violation[] {
  if (groupOf(object) !== "nvidia.com" || object.kind !== "GPUCluster") return [];
  const gates = get(rootField(object.body), "spec", "draDriver", "featureGates");
  return ["MPSSupport", "TimeSlicingSettings"].flatMap((name) =>
    demandOneOf(object, get(gates, name), [undefined, false], `remove the feature gate ${name}`),
  );
}

function checkReference(
  policy: KubeObject,
  name: Field,
  objects: readonly KubeObject[],
): readonly Violation[] {
  if (name.value === undefined || name.value === "") return [];
  if (isUnreadable(name)) return [unreadable(policy, name)];
  const present = objects.some(
    (object) => isKind(object, "ConfigMap") && object.name === name.value,
  );
  if (present) return [];
  const problem = "names a ConfigMap that is not in the graph, so it may share GPUs between pods";
  return [violation(policy, name, problem, "put the ConfigMap into the graph, or remove the name")];
}

/** The daemon of MPS, whatever starts it. */
function checkControlDaemon(object: KubeObject): readonly Violation[] {
  const spec = podSpecOf(object);
  if (spec === undefined) return [];
  const containers = containerLists.flatMap((list) => elements(get(spec, list)));
  return containers
    .filter((container) =>
      commandLine(container).some((word) => /mps-control|nvidia-cuda-mps/.test(word ?? "")),
    )
    .map((container) =>
      violation(object, container, "runs MPS, which shares GPUs between pods", remedy),
    );
}

/** Dynamic allocation states sharing in parameters of the driver, and can look into devices in use. */
function checkClaim(object: KubeObject): readonly Violation[] {
  if (!isKind(object, "ResourceClaim") && !isKind(object, "ResourceClaimTemplate")) return [];
  const configs = elements(get(claimDevices(object), "config"));
  return [
    ...configs.flatMap((config) => {
      const strategy = get(config, "opaque", "parameters", "sharing", "strategy");
      if (strategy.value === undefined) return [];
      return [violation(object, strategy, "shares a device between pods", remedy)];
    }),
    ...claimRequests(object).flatMap((request) =>
      demandOneOf(object, get(request, "adminAccess"), [undefined, false], "remove adminAccess"),
    ),
  ];
}
