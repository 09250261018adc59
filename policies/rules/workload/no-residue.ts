import { limitAnnotations } from "../../data/volumes.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import { requestsGpu } from "../../kubernetes/devices.ts";
import { engineClass } from "../../kubernetes/engine.ts";
import { forbiddenVariable } from "../../kubernetes/engine-settings.ts";
import { environmentOf } from "../../kubernetes/environment.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { inInference } from "../../kubernetes/scope.ts";
import {
  isWritable,
  type Mount,
  mountAt,
  mountsOf,
  sizedMemoryFault,
  volumeType,
} from "../../kubernetes/volumes.ts";
import { elements, entries, type Field, get, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

const memoryRemedy = 'set emptyDir: {medium: "Memory", sizeLimit: …}, counted in the memory limit';

export const noResidue: ResourceRule = {
  id: "W07",
  name: "no-residue",
  level: "resource",
  description:
    "What an inference pod writes by the way is gone with it: no writable root file system, temporary files in sized memory alone, no memory dumps, no logs copied into its status.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["5(1)(e)"], hipaa: ["164.310(d)(2)"], nsa: ["Pod"] },
  remedy: memoryRemedy,
  check: (object, settings) => {
    const template = podTemplate(object);
    if (template === undefined || !inInference(object, settings)) return [];
    const { spec } = template;
    if (isUnreadable(spec)) return [unreadable(object, spec)];
    return [
      ...checkLimits(object, get(template.metadata, "annotations")),
      ...elements(get(spec, "volumes")).flatMap((volume) => checkVolume(object, volume)),
      ...containersOf(template).flatMap(({ field }) => checkContainer(object, spec, field)),
    ];
  },
};

/** Every emptyDir: nobody can tell which of them will hold a prompt. */
function checkVolume(object: KubeObject, volume: Field): readonly Violation[] {
  if (isUnreadable(volume)) return [unreadable(object, volume)];
  const found = volumeType(volume);
  if (found !== undefined && found.type !== "emptyDir") return [];
  if (found !== undefined && isUnreadable(found.source)) return [unreadable(object, found.source)];
  const fault = sizedMemoryFault(volume);
  if (fault === undefined) return [];
  return isUnreadable(fault.field)
    ? [unreadable(object, fault.field)]
    : [violation(object, fault.field, fault.problem)];
}

function checkContainer(object: KubeObject, spec: Field, container: Field): readonly Violation[] {
  if (isUnreadable(container)) return [unreadable(object, container)];
  const mounts = mountsOf(container, spec);
  return [
    ...checkRoot(object, container, mounts),
    ...checkTemporary(object, container, mounts),
    ...checkShared(object, mounts),
    ...checkDumps(object, container),
    // The end of a log may hold a prompt, and whoever may see the pod sees its status.
    ...demandOneOf(
      object,
      get(container, "terminationMessagePolicy"),
      [undefined, "File"],
      "remove terminationMessagePolicy",
    ),
  ];
}

/**
 * A GPU container may keep a writable root until a GPU node has shown that the hooks of NVIDIA's
 * toolkit work without one; nothing else that it can write to may then outlive it.
 */
function checkRoot(
  object: KubeObject,
  container: Field,
  mounts: readonly Mount[],
): readonly Violation[] {
  const readOnly = get(container, "securityContext", "readOnlyRootFilesystem");
  if (readOnly.value === true) return [];
  if (isUnreadable(readOnly) || !requestsGpu(container)) {
    return demandOneOf(object, readOnly, [true], "set readOnlyRootFilesystem: true");
  }
  return mounts.filter(isLasting).map((mount) => {
    const problem = "is writable and outlives the pod, beside a writable root file system";
    const remedy = "set readOnlyRootFilesystem: true, or mount it with readOnly: true";
    return violation(object, mount.field, problem, remedy);
  });
}

function isLasting(mount: Mount): boolean {
  if (!isWritable(mount)) return false;
  return mount.volume === undefined || sizedMemoryFault(mount.volume) !== undefined;
}

/** Where a program writes its temporary files; without a volume they land on the node's disk, or nowhere. */
function checkTemporary(
  object: KubeObject,
  container: Field,
  mounts: readonly Mount[],
): readonly Violation[] {
  if (engineClass(container) === "none") return [];
  const { variables } = environmentOf(container);
  const moved = ["TMPDIR", "TEMP", "TMP"].flatMap((name) => variables.get(name) ?? []);
  const places = moved.map((entry) => get(entry, "value"));
  return [{ path: get(container, "volumeMounts").path, value: "/tmp" }, ...places].flatMap(
    (field) => {
      if (isUnreadable(field)) return [unreadable(object, field)];
      const path = textOf(field) ?? "";
      const mount = path.startsWith("/") ? mountAt(mounts, path) : undefined;
      if (mount?.volume !== undefined && sizedMemoryFault(mount.volume) === undefined) return [];
      const problem = `puts temporary files into ${path === "" ? "a place that nobody knows" : path}, which is no memory of a stated size`;
      return [
        violation(
          object,
          field,
          problem,
          `mount a sized emptyDir in memory there: ${memoryRemedy}`,
        ),
      ];
    },
  );
}

function checkShared(object: KubeObject, mounts: readonly Mount[]): readonly Violation[] {
  return mounts
    .filter(({ path }) => path === "/dev/shm" || path === "/dev")
    .filter(({ volume }) => volume === undefined || sizedMemoryFault(volume) !== undefined)
    .map(({ field }) =>
      violation(object, field, "puts shared memory into a volume of no stated size"),
    );
}

/**
 * Kubernetes has no field for core dumps of a process: the runtime's limits on each node decide them,
 * and a plugin of containerd lets a pod ask for others. Source: the plugin's README; 2026-11.
 */
function checkLimits(object: KubeObject, annotations: Field): readonly Violation[] {
  return (entries(annotations) ?? [])
    .filter(([key]) => key.startsWith(limitAnnotations))
    .flatMap(([, value]) => {
      if (isUnreadable(value)) return [unreadable(object, value)];
      const limits = (textOf(value) ?? "").split(/(?=-\s+\w+:)/);
      if (limits.every((limit) => !/core/i.test(limit) || isZero(limit))) return [];
      return [violation(object, value, "lets a container dump its memory", "set RLIMIT_CORE to 0")];
    });
}

function isZero(limit: string): boolean {
  return !/soft|hard/.test(limit.replaceAll(/(?:soft|hard)["']?\s*:\s*0(?=\s|,|\}|$)/g, ""));
}

/** Dumps of GPU memory are asked for by variables. Source: CUDA documentation; 2026-11. */
const dumpSwitches = [
  "CUDA_ENABLE_COREDUMP_ON_EXCEPTION",
  "CUDA_ENABLE_CPU_COREDUMP_ON_EXCEPTION",
  "CUDA_ENABLE_USER_TRIGGERED_COREDUMP",
];

function checkDumps(object: KubeObject, container: Field): readonly Violation[] {
  if (!requestsGpu(container)) return [];
  const environment = environmentOf(container);
  return dumpSwitches.flatMap((name) => forbiddenVariable(object, environment, name, ["0"]));
}
