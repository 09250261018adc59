import { versionFloors } from "../../engines/version-floors.ts";
import { type Engine, enginesOf } from "../../kubernetes/engine-settings.ts";
import { unjudged } from "../../kubernetes/engine-topics.ts";
import { parseImage } from "../../kubernetes/images.ts";
import { podTemplate } from "../../kubernetes/pod-templates.ts";
import { isAtLeast, parseVersion, type Version } from "../../kubernetes/versions.ts";
import { type Field, get, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

const nameLabel = "app.kubernetes.io/name";
const versionLabel = "app.kubernetes.io/version";

const remedy = `label the pod with ${nameLabel} and ${versionLabel} of the engine, or write the tag before the digest of its image`;

export const engineVersion: ResourceRule = {
  id: "A13",
  name: "engine-version",
  level: "resource",
  description:
    "Every inference engine says which version it is, and it is none with a published hole.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.308(a)(5)(ii)(B)"] },
  remedy,
  check: (object, settings) =>
    enginesOf(object, settings).flatMap((engine) => checkEngine(object, engine)),
};

function checkEngine(object: KubeObject, engine: Engine): readonly Violation[] {
  const { container, line, profile } = engine;
  if (line === undefined) return [];
  if (profile === undefined) return unjudged(object, engine);
  const image = get(container.field, "image");
  const floor = versionFloors.get(profile.id);
  const least = floor === undefined ? undefined : parseVersion(floor.version);
  if (floor === undefined || least === undefined) {
    const problem = `runs ${profile.name}, of which no version is known to be safe`;
    return [violation(object, image, problem, "use an engine with a known safe version")];
  }
  const stated = statements(object, image, profile.id);
  if (stated.length === 0) {
    return [violation(object, image, `does not say which version of ${profile.name} it is`)];
  }
  const other = stated.length < 2 ? undefined : parseVersion(stated[0]?.text ?? "");
  return stated.flatMap(({ field, text }) => {
    if (isUnreadable(field)) return [unreadable(object, field)];
    const version = parseVersion(text);
    if (version === undefined) {
      return [violation(object, field, "says no version that can be compared, such as 0.33.0")];
    }
    if (other !== undefined && !isSame(version, other)) {
      return [violation(object, field, "says another version than the image's tag")];
    }
    if (isAtLeast(version, least)) return [];
    const problem = `is older than ${floor.version} (${floor.reason})`;
    return [violation(object, field, problem, `use ${profile.name} ${floor.version} or later`)];
  });
}

function isSame(a: Version, b: Version): boolean {
  return a.numbers.every((number, index) => number === b.numbers[index]);
}

interface Statement {
  readonly field: Field;
  readonly text: string;
}

/** The image's tag, and the pod's label where another label says that it is about this engine. */
function statements(object: KubeObject, image: Field, id: string): readonly Statement[] {
  const tag = isUnreadable(image) ? undefined : parseImage(textOf(image) ?? "")?.tag;
  const template = podTemplate(object);
  const labels = template === undefined ? undefined : get(template.metadata, "labels");
  const name = labels === undefined ? undefined : get(labels, nameLabel);
  const label = labels === undefined ? undefined : get(labels, versionLabel);
  return [
    ...(tag === undefined ? [] : [{ field: image, text: tag }]),
    ...(label?.value === undefined || name?.value !== id
      ? []
      : [{ field: label, text: textOf(label) ?? "" }]),
  ];
}
