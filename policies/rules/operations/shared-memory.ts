import type { Engine } from "../../kubernetes/engine-settings.ts";
import { podTemplate } from "../../kubernetes/pod-templates.ts";
import { parseQuantity } from "../../kubernetes/quantity.ts";
import { servedEngines } from "../../kubernetes/served-engines.ts";
import { mountsOf, sizedBytes, sizedMemoryFault } from "../../kubernetes/volumes.ts";
import { type Field, get, isUnreadable } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const sharedMemory: ResourceRule = {
  id: "O04",
  name: "shared-memory",
  level: "resource",
  description:
    "Every engine has shared memory of a stated size, and its memory limit holds that and every other volume in memory.",
  severity: "medium",
  enforcement: "mandatory",
  mapping: {},
  remedy:
    'mount an emptyDir {medium: "Memory", sizeLimit: …} at /dev/shm, and raise the memory limit above the sum of such volumes',
  check: (object, settings) =>
    servedEngines(object, settings).flatMap((engine) => checkEngine(object, engine)),
};

function checkEngine(object: KubeObject, { container }: Engine): readonly Violation[] {
  const spec = podTemplate(object)?.spec;
  if (spec === undefined) return [];
  const mounts = mountsOf(container.field, spec);
  const shm = mounts.find(({ path }) => path === "/dev/shm");
  if (shm?.volume === undefined) {
    const problem =
      "holds no volume for /dev/shm; the 64 MiB of the runtime make tensor parallelism fail";
    return [violation(object, get(container.field, "volumeMounts"), problem)];
  }
  const fault = sizedMemoryFault(shm.volume);
  if (fault !== undefined) {
    return isUnreadable(fault.field)
      ? [unreadable(object, fault.field)]
      : [violation(object, fault.field, fault.problem)];
  }
  const inMemory = new Map<string, number>();
  for (const { volume } of mounts) {
    if (volume === undefined || sizedMemoryFault(volume) !== undefined) continue;
    inMemory.set(volume.path, sizedBytes(volume) ?? 0);
  }
  const needed = [...inMemory.values()].reduce((sum, bytes) => sum + bytes, 0);
  return checkLimit(object, get(container.field, "resources", "limits", "memory"), needed);
}

function checkLimit(object: KubeObject, limit: Field, needed: number): readonly Violation[] {
  if (isUnreadable(limit)) return [unreadable(object, limit)];
  const gib = (bytes: number) => `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB`;
  if (limit.value === undefined) {
    return [violation(object, limit, "is absent, so shared memory can take that of the node")];
  }
  const bytes = parseQuantity(limit.value);
  if (bytes === undefined) return [violation(object, limit, "is no quantity of memory")];
  if (bytes > needed) return [];
  const problem = `is ${gib(bytes)}, and the volumes in memory alone may take ${gib(needed)}`;
  return [violation(object, limit, problem)];
}
