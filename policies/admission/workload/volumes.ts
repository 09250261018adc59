import { inferenceVolumeTypes, limitAnnotations, readOnlyVolumeTypes } from "../../data/volumes.ts";
import { anyOf, field, items, list, string, text } from "../cel.ts";
import { type AdmissionCheck, eachContainer, eachHolds, eachVolume } from "../check.ts";
import { requestsGpu } from "../engines/variables.ts";

/** What may be mounted (W02), and that nothing written outlives the pod (W07). */
export function volumes(): AdmissionCheck[] {
  const memory = 'set emptyDir: {medium: "Memory", sizeLimit: …}, counted in the memory limit';
  return [
    eachHolds(
      "W02",
      eachVolume,
      `dyn(v).all(k, k == "name" || k in ${list(inferenceVolumeTypes)})`,
      "is of no type that an inference pod may mount",
      "use a persistentVolumeClaim, an emptyDir, a configMap or a secret",
    ),
    eachHolds(
      "W07",
      eachVolume,
      anyOf(["!has(v.emptyDir)", sizedMemory]),
      "is not memory of a stated size, so what is written stays on the node",
      memory,
    ),
    eachHolds(
      "W07",
      eachContainer,
      anyOf([
        `${field("c", "securityContext", "readOnlyRootFilesystem")}.orValue(false) == true`,
        `${requestsGpu} && ${items("c", "volumeMounts")}.all(m, ${leavesNothing()})`,
      ]),
      "has a writable root file system, or one beside volumes that outlive the pod",
      "set readOnlyRootFilesystem: true",
    ),
    eachHolds(
      "W07",
      eachContainer,
      `${string("c", "terminationMessagePolicy")} in ["", "File"]`,
      "copies the end of its log, which may hold a prompt, into its status",
      "remove terminationMessagePolicy",
    ),
    {
      rule: "W07",
      holds: `variables.annotations.all(k, !k.startsWith(${text(limitAnnotations)}))`,
      problem: "asks for limits of its own, which may let it dump its memory",
      remedy: `remove the annotation ${limitAnnotations}…`,
    },
  ];
}

const sizedMemory =
  'v.?emptyDir.?medium.orValue("") == "Memory" && !(string(dyn(v).emptyDir.?sizeLimit.orValue("0")) in ["", "0"])';

/** A GPU container may keep a writable root; nothing else that it can write to may then outlive it. */
function leavesNothing(): string {
  const type = readOnlyVolumeTypes.map((name) => `has(v.${name})`);
  const passing = anyOf([
    sizedMemory,
    ...type,
    "v.?persistentVolumeClaim.?readOnly.orValue(false)",
  ]);
  return `m.?readOnly.orValue(false) || variables.volumes.exists(v, v.name == m.name && ${passing})`;
}
