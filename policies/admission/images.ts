import { imageDigest, imagePathSegment, imageTag, publicRegistries } from "../data/registries.ts";
import { allOf, pattern, quoted, string } from "./cel.ts";
import { type AdmissionCheck, eachContainer, eachHolds, eachVolume } from "./check.ts";

/** Images of containers and of volumes: by digest, from the registry inside (W04). */
export function images(registry: string | undefined): AdmissionCheck[] {
  const remedy =
    "mirror the image into the private registry and name it as registry/path@sha256:digest";
  const from = registry === undefined ? "a registry inside" : `the registry ${registry}`;
  const problem = `is not named by its digest, or does not come from ${from}`;
  return [
    eachHolds("W04", eachContainer, isInside(string("c", "image"), registry), problem, remedy),
    eachHolds(
      "W04",
      eachVolume,
      `!has(v.image) || (${isInside(string("v", "image", "reference"), registry)})`,
      problem,
      remedy,
    ),
  ];
}

const segments = `(?:/${imagePathSegment})+(?::${imageTag})?@${imageDigest}`;

/** A public host is no private registry, even where a stack names it as one. */
function isInside(image: string, registry: string | undefined): string {
  const host = registry === undefined ? "[^/]*[.:\\[][^/]*" : quoted(registry);
  const below = publicRegistries.map((name) => quoted(name)).join("|");
  return allOf([
    `${image}.matches(${pattern(`^${host}${segments}$`)})`,
    `!${image}.matches(${pattern(`^(?:[^/]*\\.)?(?:${below})(?::[0-9]+)?/`)})`,
  ]);
}
