/** `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** A container image as its maker publishes it, resolved to the bytes that were read. */
export interface PinnedImage {
  /** Upstream repository with its host, such as `docker.io/vllm/vllm-openai`. */
  readonly repository: string;
  /** Upstream tag; for people and for the lock, never for pulling. */
  readonly tag: string;
  readonly digest: Digest;
}

/** The registry inside that everything is pulled from. */
export interface Registry {
  /** Host with optional port, such as `registry.internal.example:5000`. */
  readonly host: string;
  /** Path below the host under which upstream repositories are mirrored, without slashes at its ends. */
  readonly prefix?: string;
}

/** Host and prefix as the start of an image reference. */
export function registryPath(registry: Registry): string {
  return registry.prefix === undefined ? registry.host : `${registry.host}/${registry.prefix}`;
}

/** Repository inside: the upstream path with its host kept as a folder, so two upstreams cannot collide. */
export function mirroredRepository(
  image: Pick<PinnedImage, "repository">,
  registry: Registry,
): string {
  return `${registryPath(registry)}/${image.repository}`;
}

/** What a pod pulls. The digest is upstream's, since mirroring does not change it. */
export function mirroredImage(image: PinnedImage, registry: Registry): string {
  return `${mirroredRepository(image, registry)}@${image.digest}`;
}
