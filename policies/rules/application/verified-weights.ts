import { parseManifest } from "../../../components/lib/weights/manifest.ts";
import { manifestField } from "../../../components/lib/weights/verifier.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { loadedPaths } from "../../kubernetes/loaded-paths.ts";
import { containersOf, type PodTemplate, podTemplate } from "../../kubernetes/pod-templates.ts";
import { servedEngines } from "../../kubernetes/served-engines.ts";
import { sharedStorage } from "../../kubernetes/shared-storage.ts";
import {
  isBelow,
  isWritable,
  type Mount,
  mountAt,
  mountsOf,
  volumeType,
} from "../../kubernetes/volumes.ts";
import {
  isVerifier,
  manifestMapOf,
  verifiedFolder,
  verifierMounts,
} from "../../kubernetes/weights-verifier.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const verifiedWeights: StackRule = {
  id: "A17",
  name: "verified-weights",
  level: "stack",
  description:
    "Every engine opens weights of a volume only after an init container has held all files of their folder against an immutable manifest, and nothing but staging can write to that volume.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { gdpr: ["32"], hipaa: ["164.312(c)(1)"], nsa: ["Pod"] },
  remedy:
    "verify the engine's folder by the init container of this product, with an immutable manifest, and mount the weights read-only",
  check: (graph, settings) => {
    const weights = new Set<string>();
    const faults = graph.objects.flatMap((object) => {
      const template = podTemplate(object);
      if (template === undefined) return [];
      return servedEngines(object, settings).flatMap((engine) => {
        const mounts = mountsOf(engine.container.field, template.spec);
        const paths = loadedPaths(engine);
        for (const { volume } of paths.flatMap((path) => onVolume(path, mounts))) {
          const claim = volume === undefined ? undefined : claimOf(volume);
          if (claim !== undefined) weights.add(`${String(object.namespace)}/${claim}`);
        }
        return paths.flatMap((path) => checkPath(graph, object, template, path, mounts, settings));
      });
    });
    return [...faults, ...sharedStorage(graph, weights, settings)];
  },
};

/** The mount that a path lies on, unless a digest pins it: the image itself, and volumes that are images. */
function onVolume(path: Field, mounts: readonly Mount[]): readonly Mount[] {
  const mount = mountAt(mounts, textOf(path) ?? "");
  if (mount === undefined) return [];
  const type = mount.volume === undefined ? undefined : volumeType(mount.volume)?.type;
  return type === "image" ? [] : [mount];
}

function claimOf(volume: Field): string | undefined {
  return textOf(get(volume, "persistentVolumeClaim", "claimName"));
}

function checkPath(
  graph: Graph,
  object: KubeObject,
  template: PodTemplate,
  path: Field,
  mounts: readonly Mount[],
  settings: Settings,
): readonly Violation[] {
  return onVolume(path, mounts).flatMap((mount) => [
    ...checkMount(object, mount),
    ...checkVerified(graph, object, template, path, mount, settings),
  ]);
}

function checkMount(object: KubeObject, mount: Mount): readonly Violation[] {
  const readOnly = get(mount.field, "readOnly");
  if (isUnreadable(readOnly)) return [unreadable(object, readOnly)];
  return isWritable(mount)
    ? [
        violation(
          object,
          mount.field,
          "lets an engine change its own weights",
          "set readOnly: true",
        ),
      ]
    : [];
}

function checkVerified(
  graph: Graph,
  object: KubeObject,
  template: PodTemplate,
  path: Field,
  mount: Mount,
  settings: Settings,
): readonly Violation[] {
  const text = textOf(path) ?? "";
  const verifiers = containersOf(template).filter((each) => isVerifier(each, settings));
  const found = verifiers.find(({ field }) => isBelow(text, verifiedFolder(field) ?? text + "/"));
  const folder = found === undefined ? undefined : verifiedFolder(found.field);
  if (found === undefined || folder === undefined) {
    const problem = `"${text}" lies on a volume, and no init container verifies that folder`;
    return [violation(object, path, problem)];
  }
  const seen = verifierMounts(found.field, template.spec, folder);
  if (
    seen === undefined ||
    seen.weights.path !== mount.path ||
    seen.weights.volume?.path !== mount.volume?.path ||
    get(mount.field, "subPath").value !== undefined ||
    get(mount.field, "subPathExpr").value !== undefined
  ) {
    const problem = `does not see what the engine sees at "${text}", or sees more than weights and manifest`;
    return [violation(object, get(found.field, "volumeMounts"), problem)];
  }
  return checkManifest(graph, object, seen.manifest);
}

function checkManifest(graph: Graph, object: KubeObject, mount: Mount): readonly Violation[] {
  const name = manifestMapOf(mount);
  // Several of one name only in a graph that no cluster takes; then each has to be sound.
  const maps = graph.objects.filter(
    (each) =>
      isKind(each, "ConfigMap") && each.namespace === object.namespace && each.name === name,
  );
  if (name === undefined || maps.length === 0) {
    const problem = "is no ConfigMap of this stack that shows the manifest alone";
    return [violation(object, mount.volume ?? mount.field, problem)];
  }
  return maps.flatMap(checkMap);
}

function checkMap(map: KubeObject): readonly Violation[] {
  const root = rootField(map.body);
  const immutable = get(root, "immutable");
  const manifest = get(root, "data", manifestField);
  const hidden = [immutable, manifest].filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(map, field));
  if (immutable.value !== true) {
    const problem = "is not true, so whoever swaps weights can swap their manifest too";
    return [violation(map, immutable, problem, "set immutable: true")];
  }
  try {
    parseManifest(textOf(manifest) ?? "", manifestField);
    return [];
  } catch {
    const remedy = "write it again with npm run lock -- --only models on a connected machine";
    return [violation(map, manifest, "is no manifest of weights", remedy)];
  }
}
