import { imageFields } from "../../kubernetes/image-fields.ts";
import {
  type ImageReference,
  isFrom,
  isFromPublicRegistry,
  parseImage,
} from "../../kubernetes/images.ts";
import { type Field, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const imagesByDigest: ResourceRule = {
  id: "W04",
  name: "images-by-digest",
  level: "resource",
  description: "Every image is named by its digest and comes from the private registry.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.308(a)(5)(ii)(B)"], nsa: ["Pod"] },
  remedy: "mirror the image into the private registry and name it as registry/path@sha256:digest",
  check: (object, settings) =>
    imageFields(object).flatMap(({ field, required }) => {
      if (isUnreadable(field)) return [unreadable(object, field)];
      if (field.value === undefined) {
        return required ? [violation(object, field, "is absent, so nobody knows what runs")] : [];
      }
      return checkImage(object, field, settings);
    }),
};

function checkImage(object: KubeObject, field: Field, settings: Settings): readonly Violation[] {
  const reference = textOf(field) ?? "";
  const image = parseImage(reference);
  if (image === undefined) {
    return [violation(object, field, "is no image reference with a sha256 digest")];
  }
  const shown = `"${reference}"`;
  const foreign = foreignRegistry(image, settings.registry);
  return [
    ...(image.digest === undefined
      ? [violation(object, field, `${shown} has no digest, so what it names can change`)]
      : []),
    ...(foreign === undefined ? [] : [violation(object, field, `${shown} ${foreign}`)]),
  ];
}

function foreignRegistry(image: ImageReference, registry: string | undefined): string | undefined {
  if (registry !== undefined && !isFrom(image, registry)) {
    return `does not come from the registry "${registry}"`;
  }
  if (image.host === undefined) return "names no registry, so a public one answers";
  // A public host is no private registry, even where a stack names it as one.
  return isFromPublicRegistry(image) ? "comes from a public registry" : undefined;
}
