import type { Digest, PinnedImage, Registry } from "../../../components/lib/images.ts";

export const registry: Registry = { host: "registry.example.internal:5000", prefix: "mirror" };

/** An image with a digest of its own, so that two are never mistaken for each other. */
export function pinned(repository: string, tag: string): PinnedImage {
  const hex = Buffer.from(repository).toString("hex").slice(-64).padStart(64, "0");
  const digest: Digest = `sha256:${hex}`;
  return { repository, tag, digest };
}

/** Hosts that publish images; a pod inside must never be sent to one of them. */
const publicHosts =
  /\b(docker\.io|gcr\.io|ghcr\.io|mcr\.microsoft\.com|nvcr\.io|public\.ecr\.aws|quay\.io|registry\.k8s\.io)\b/;

/**
 * Paths of chart values that lead to a public registry: text that names one without the registry
 * inside in front of it, or repositories beside no registry and outside of it.
 */
export function publicImages(values: unknown, inside: string, path = "values"): string[] {
  if (typeof values === "string") {
    return publicHosts.test(values) && !values.startsWith(`${inside}/`) ? [path] : [];
  }
  if (typeof values !== "object" || values === null) return [];
  const hosted = "registry" in values && values.registry === inside;
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const here = `${path}.${key}`;
    if (key === "repository" && typeof value === "string") {
      return hosted || value.startsWith(`${inside}/`) ? [] : [here];
    }
    return publicImages(value, inside, here);
  });
}
