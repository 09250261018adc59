import { posix } from "node:path";
import { codeFolder } from "../../data/engine-switches.ts";
import { type Engine, enginesOf } from "../../kubernetes/engine-settings.ts";
import { topicViolations } from "../../kubernetes/engine-topics.ts";
import { elements, type Field, get, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const noForeignCode: ResourceRule = {
  id: "A03",
  name: "no-foreign-code",
  level: "resource",
  description:
    "Every inference engine runs the code of its image alone: no remote code, plug-in or library from elsewhere, and no flag or variable that nobody reviewed.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.308(a)(5)(ii)(B)"] },
  remedy: "remove what loads code from outside the image",
  check: (object, settings) =>
    enginesOf(object, settings).flatMap((engine) => checkEngine(object, engine, settings)),
};

function checkEngine(object: KubeObject, engine: Engine, settings: Settings): readonly Violation[] {
  return [
    ...topicViolations(object, engine, "code"),
    ...unknownFlags(object, engine, settings),
    ...unknownVariables(object, engine, settings),
    ...codeFolders(object, engine),
  ];
}

/** Abbreviations end here as well: an engine takes them, and no table holds them. */
function unknownFlags(
  object: KubeObject,
  engine: Engine,
  { policies }: Settings,
): readonly Violation[] {
  const { line, profile } = engine;
  if (profile === undefined || line === undefined) return [];
  return line.flags
    .filter(({ facts, name }) => facts === undefined && !policies.engineFlags.includes(name))
    .map(({ name, word }) =>
      violation(
        object,
        word,
        `holds ${shown(name)}, which is not among the reviewed flags of ${profile.name}`,
        "write the flag in full, or list it in policies.engineFlags of the stack after a review",
      ),
    );
}

/** A part that is no plain name may be a value, and a value may be a secret. */
function shown(name: string): string {
  return /^--?[\w.-]{1,60}$/.test(name) ? name : "a flag";
}

function unknownVariables(
  object: KubeObject,
  engine: Engine,
  { policies }: Settings,
): readonly Violation[] {
  const { environment, line, profile } = engine;
  if (profile === undefined || line === undefined) return [];
  const unlisted = [...environment.variables].filter(
    ([name]) => !profile.variables.has(name) && !policies.engineVariables.includes(name),
  );
  return [
    ...unlisted.map(([name, entry]) =>
      violation(
        object,
        get(entry, "name"),
        `sets ${name}, which is not among the reviewed variables of ${profile.name}`,
        "remove it, or list it in policies.engineVariables of the stack after a review",
      ),
    ),
    ...environment.sources.map((source) =>
      violation(
        object,
        source,
        "sets variables that nobody can review here",
        "list the variables in env",
      ),
    ),
  ];
}

/** A volume over such a folder replaces code; so does a working directory on a volume, for Python. */
function codeFolders(object: KubeObject, engine: Engine): readonly Violation[] {
  if (engine.line === undefined) return [];
  const container = engine.container.field;
  const mounts = elements(get(container, "volumeMounts")).map((mount) => get(mount, "mountPath"));
  const folder = get(container, "workingDir");
  return [
    ...mounts.flatMap((path) => checkMount(object, path)),
    ...(folder.value === undefined ? [] : checkWorkingDir(object, folder, mounts)),
  ];
}

function checkMount(object: KubeObject, path: Field): readonly Violation[] {
  if (isUnreadable(path)) return [unreadable(object, path)];
  if (!codeFolder.test(normal(textOf(path) ?? "/"))) return [];
  const remedy = "mount the volume elsewhere, such as below /models or /scratch";
  return [violation(object, path, "lies where the image keeps code, so it can replace it", remedy)];
}

function checkWorkingDir(
  object: KubeObject,
  folder: Field,
  mounts: readonly Field[],
): readonly Violation[] {
  if (isUnreadable(folder)) return [unreadable(object, folder)];
  const text = `${normal(textOf(folder) ?? "/")}/`;
  const onVolume = mounts.some((path) => text.startsWith(`${normal(textOf(path) ?? "/")}/`));
  if (!onVolume) return [];
  const problem = "lies on a volume, and Python loads modules from its working directory";
  return [violation(object, folder, problem, "remove workingDir")];
}

/** Without doubled slashes, steps upwards and a slash at the end. */
function normal(path: string): string {
  return posix.normalize(path).replace(/(.)\/$/, "$1");
}
