import { elements, entries, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { devicesOf, requestsGpu } from "./devices.ts";
import { environmentOf } from "./environment.ts";
import { isBoundToPool, toleratesPool } from "./placement.ts";
import { containersOf, type PodTemplate } from "./pod-templates.ts";
import { mountsOf } from "./volumes.ts";

/** Resources of other plugins that stand for a share of a GPU. Sources: their documentation; 2026-11. */
const foreignShares = /vgpu|vcuda|gpu[-_.]?(?:mem|core|share|percent|fraction|slice)/i;

/** Of NVIDIA's resources only whole GPUs and MIG partitions belong to one pod; `.shared` marks a share. */
function isShare(name: string): boolean {
  if (!name.startsWith("nvidia.com/")) return foreignShares.test(name);
  return !/^nvidia\.com\/(?:gpu|mig-[\w.+-]+)$/.test(name) || name.endsWith(".shared");
}

/** Ways to GPUs that pass the device plugin by, so that nobody counts who holds them. */
const visible = /^(?:NVIDIA_VISIBLE_DEVICES|CUDA_MPS_\w+)$/;
const injected = "/var/run/nvidia-container-devices";

/** Faults of the GPUs that an inference pod asks for, or takes without asking. */
export function gpuPodFaults(
  object: KubeObject,
  { metadata, spec }: PodTemplate,
  claimTemplates: ReadonlySet<string>,
): readonly Violation[] {
  if (isUnreadable(spec)) return [unreadable(object, spec)];
  const containers = containersOf({ metadata, spec });
  return [
    ...containers.flatMap(({ field }) => checkContainer(object, spec, field)),
    ...checkAnnotations(object, get(metadata, "annotations")),
    ...elements(get(spec, "resourceClaims")).flatMap((claim) =>
      checkClaim(object, claim, claimTemplates),
    ),
    ...(containers.some(({ field }) => requestsGpu(field)) ? checkPlacement(object, spec) : []),
  ];
}

function checkContainer(object: KubeObject, spec: Field, container: Field): readonly Violation[] {
  const { variables } = environmentOf(container);
  return [
    ...(devicesOf(container) ?? [])
      .filter(({ name }) => isShare(name))
      .map(({ name, quantity }) =>
        violation(object, quantity, `asks for "${name}", which is a share of a GPU`),
      ),
    ...[...variables]
      .filter(([name, entry]) => visible.test(name) && !isNone(get(entry, "value")))
      .map(([name, entry]) =>
        violation(
          object,
          entry,
          `sets ${name}, which gives GPUs past the device plugin`,
          `remove ${name}`,
        ),
      ),
    ...mountsOf(container, spec)
      .filter(({ path }) => path === injected || path?.startsWith(`${injected}/`) === true)
      .map(({ field }) =>
        violation(object, field, "asks for GPUs past the device plugin", "remove the mount"),
      ),
  ];
}

function isNone(value: Field): boolean {
  return value.value === "none" || value.value === "void";
}

/** Devices of the container device interface can be asked for by annotation as well. */
function checkAnnotations(object: KubeObject, annotations: Field): readonly Violation[] {
  return (entries(annotations) ?? [])
    .filter(([key]) => key.startsWith("cdi.k8s.io") || /gpu-?(?:fraction|memory|share)/i.test(key))
    .map(([key, value]) =>
      violation(
        object,
        value,
        `"${key}" asks for GPUs past the device plugin`,
        "remove the annotation",
      ),
    );
}

/** One named claim can serve several pods at once; a template makes one for each. */
function checkClaim(
  object: KubeObject,
  claim: Field,
  templates: ReadonlySet<string>,
): readonly Violation[] {
  const template = get(claim, "resourceClaimTemplateName");
  if (isUnreadable(template)) return [unreadable(object, template)];
  const name = textOf(template);
  if (name === undefined) {
    const problem = "names no template of a claim, so several pods may hold the same device";
    return [violation(object, claim, problem, "set resourceClaimTemplateName")];
  }
  if (templates.has(`${String(object.namespace)}/${name}`)) return [];
  const problem = `names "${name}", which is not in the graph, so its devices are unknown`;
  return [violation(object, template, problem, "put the ResourceClaimTemplate into the graph")];
}

function checkPlacement(object: KubeObject, spec: Field): readonly Violation[] {
  const hidden = [get(spec, "nodeSelector"), ...elements(get(spec, "tolerations"))]
    .flatMap((field) => [field, ...(entries(field) ?? []).map(([, part]) => part)])
    .filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(object, field));
  return [
    ...(isBoundToPool(spec)
      ? []
      : [
          violation(
            object,
            get(spec, "nodeSelector"),
            "binds a GPU pod to no pool of nodes",
            "select the GPU pool by a label that only its nodes have",
          ),
        ]),
    ...(toleratesPool(spec)
      ? []
      : [
          violation(
            object,
            get(spec, "tolerations"),
            "tolerates the taint of no pool by its key, so the pool is not set apart",
            "tolerate nvidia.com/gpu, the taint that keeps everything else off GPU nodes",
          ),
        ]),
  ];
}
