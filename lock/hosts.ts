import type { Registry } from "../components/lib/images.ts";

/** Names of this machine's own interface: what is said there passes no wire. */
const loopback = /^(localhost|([a-z0-9-]+\.)+localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/** Addresses for which crane falls back to unencrypted HTTP without being asked. */
const privateAddress = /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+(:\d{1,5})?$/;

/** @param host with optional port */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

/**
 * The value of `--mirror`.
 * @returns what is wrong with it where it is no registry that may be read
 */
export function parseMirror(given: string): Registry | { readonly fault: string } {
  const [host = "", ...folders] = given.split("/");
  const prefix = folders.join("/");
  if (/^[a-z]+:$/.test(host)) return { fault: "has a scheme; write HOST[:PORT][/PREFIX]" };
  // crane takes a first part without dot or port for a folder of Docker Hub.
  if (
    !isLoopback(host) &&
    !/^[a-z0-9]([-a-z0-9]*\.)+[-a-z0-9]*[a-z0-9](:\d{1,5})?$|^[a-z0-9-]+:\d{1,5}$/.test(host)
  ) {
    return {
      fault: `starts with "${host}", which is no registry host; write HOST[:PORT][/PREFIX]`,
    };
  }
  if (privateAddress.test(host)) {
    return {
      fault: `names ${host} by its address, for which crane falls back to unencrypted HTTP; use its name`,
    };
  }
  if (folders.length === 0) return { host };
  if (!/^[a-z0-9._-]+(\/[a-z0-9._-]+)*$/.test(prefix)) {
    return {
      fault: `has the prefix "${prefix}"; write a lower-case path without slashes at its ends`,
    };
  }
  return { host, prefix };
}

/** Whether a URL may be read: encrypted, or on this machine. */
export function isEncryptedOrLocal(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.host));
}
