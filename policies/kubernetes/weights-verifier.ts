import {
  manifestField,
  manifestMountPath,
  verifierArgs,
  verifierName,
  weightsImage,
} from "../../components/lib/weights/verifier.ts";
import { elements, type Field, get, isEmpty, textOf } from "../model/field.ts";
import type { Settings } from "../model/settings.ts";
import { commandLine } from "./engine.ts";
import { parseImage } from "./images.ts";
import type { Container } from "./pod-templates.ts";
import { cleanPath, type Mount, mountsOf } from "./volumes.ts";

/** Fields that no verifier has: each could make the image run something else, or at another time. */
const foreignFields = [
  "command",
  "env",
  "envFrom",
  "lifecycle",
  "livenessProbe",
  "readinessProbe",
  "restartPolicy",
  "startupProbe",
  "workingDir",
] as const;

/** Whether an init container is this product's verifier of weights, as its image starts it, and nothing else. */
export function isVerifier({ field, list }: Container, settings: Settings): boolean {
  return (
    list === "initContainers" &&
    get(field, "name").value === verifierName &&
    isWeightsImage(get(field, "image"), settings) &&
    foreignFields.every((name) => isEmpty(get(field, name))) &&
    verifiedFolder(field) !== undefined
  );
}

/** The folder that a verifier's words name; `undefined` where they are not those of a verifier. */
export function verifiedFolder(container: Field): string | undefined {
  const words = commandLine(container);
  const folder = words.at(-1);
  if (folder === undefined || !folder.startsWith("/") || cleanPath(folder) !== folder) {
    return undefined;
  }
  const wanted = verifierArgs(folder);
  const same = words.length === wanted.length && wanted.every((word, at) => words[at] === word);
  return same ? folder : undefined;
}

/** From the stack's own registry, by digest. Without a stack any registry will do; W04 judges it. */
function isWeightsImage(image: Field, { registry }: Settings): boolean {
  const text = textOf(image) ?? "";
  const parsed = parseImage(text);
  if (parsed?.digest === undefined) return false;
  if (registry !== undefined) return text === `${registry}/${weightsImage}@${parsed.digest}`;
  return `/${parsed.path}`.endsWith(`/${weightsImage}`);
}

/** Volumes that a verifier mounts: weights and manifest, each read-only and whole, and nothing over its program. */
export interface VerifierMounts {
  readonly weights: Mount;
  readonly manifest: Mount;
}

/** `undefined` where it mounts anything else, or one of the two otherwise. */
export function verifierMounts(
  container: Field,
  spec: Field,
  folder: string,
): VerifierMounts | undefined {
  const mounts = mountsOf(container, spec);
  const manifest = mounts.find(({ path }) => path === manifestMountPath);
  const weights = mounts.find(
    ({ path }) => path !== undefined && path !== "/" && folder.startsWith(`${path}/`),
  );
  if (mounts.length !== 2 || manifest === undefined || weights === undefined) return undefined;
  const whole = [manifest, weights].every(
    ({ field, volume }) =>
      volume !== undefined &&
      get(field, "readOnly").value === true &&
      isEmpty(get(field, "subPath")) &&
      isEmpty(get(field, "subPathExpr")),
  );
  return whole ? { weights, manifest } : undefined;
}

/** Name of the ConfigMap behind the manifest's volume, if it shows the manifest and nothing else decides it. */
export function manifestMapOf({ volume }: Mount): string | undefined {
  if (volume === undefined) return undefined;
  const map = get(volume, "configMap");
  const name = textOf(get(map, "name"));
  if (get(map, "optional").value === true) return undefined;
  const items = elements(get(map, "items"));
  const plain = items.every(
    (item) => get(item, "key").value === manifestField && get(item, "path").value === manifestField,
  );
  return plain ? name : undefined;
}
