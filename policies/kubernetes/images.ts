import { imageDigest, imagePathSegment, imageTag, publicRegistries } from "../data/registries.ts";

/** An image reference taken apart; nothing is filled in that the reference does not say. */
export interface ImageReference {
  /** Registry host with port, in lower case; `undefined` where the reference names none. */
  readonly host: string | undefined;
  readonly path: string;
  readonly tag: string | undefined;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string | undefined;
}

const pathPattern = new RegExp(`^${imagePathSegment}(?:/${imagePathSegment})*$`);
const hostPattern =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const tagPattern = new RegExp(`^${imageTag}$`);
const digestPattern = new RegExp(`^${imageDigest}$`);

/** `undefined` for anything that a container runtime would refuse, and for a digest that is not sha256. */
export function parseImage(text: string): ImageReference | undefined {
  const [name = "", digest, ...rest] = text.split("@");
  if (rest.length > 0 || (digest !== undefined && !digestPattern.test(digest))) return undefined;
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  const tag = hasTag ? name.slice(colon + 1) : undefined;
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  const { host, path } = splitHost(hasTag ? name.slice(0, colon) : name);
  if (!pathPattern.test(path) || (host !== undefined && !hostPattern.test(host))) return undefined;
  return { host: host?.toLowerCase(), path, tag, digest };
}

/** Container runtimes take the first segment as a host only if it cannot be a Docker Hub account. */
function splitHost(name: string): { host: string | undefined; path: string } {
  const slash = name.indexOf("/");
  const first = name.slice(0, slash);
  const isHost =
    slash > 0 && (/[.:[]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  return isHost ? { host: first, path: name.slice(slash + 1) } : { host: undefined, path: name };
}

/** Whether the image lies in `registry` (a host, or a host and a path prefix) or below it. */
export function isFrom(image: ImageReference, registry: string): boolean {
  if (image.host === undefined) return false;
  return `${image.host}/${image.path}/`.startsWith(`${registry}/`);
}

/** Whether the image comes from a registry that anybody can push to or that outsiders run for everybody. */
export function isFromPublicRegistry(image: ImageReference): boolean {
  const host = image.host?.replace(/:\d+$/, "");
  if (host === undefined) return true;
  return publicRegistries.some((name) => host === name || host.endsWith(`.${name}`));
}
