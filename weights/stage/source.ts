import type { Manifest } from "../../components/lib/weights/manifest.ts";
import { addressOf, isForbidden, isLoopbackHost } from "./addresses.ts";

/** Where files are downloaded from. */
export interface Source {
  /** Without a slash at its end; a file's path comes after it. */
  readonly base: URL;
  /** Hosts that may be redirected to, with their port where it is not the usual one. */
  readonly hosts: ReadonlySet<string>;
}

/** @returns every fault of what was given, where there is one */
export function sourceOf(
  template: string,
  hosts: readonly string[],
  { repository, revision }: Manifest,
): Source | { readonly faults: readonly string[] } {
  const filled = template
    .replaceAll("{repository}", repository)
    .replaceAll("{revision}", revision)
    .replace(/\/+$/, "");
  const bad = hosts.filter((host) => !isHost(host));
  const faults = bad.map((host) => `--host ${host}: is no host; write HOST or HOST:PORT`);
  if (!URL.canParse(filled)) return { faults: [...faults, `--source ${template}: is no URL`] };
  const base = new URL(filled);
  faults.push(...urlFaults(base).map((fault) => `--source ${withoutSecrets(base)}: ${fault}`));
  if (!template.includes("{revision}")) {
    faults.push(`--source ${withoutSecrets(base)}: lacks {revision}; a branch would move`);
  }
  return faults.length > 0 ? { faults } : { base, hosts: new Set(hosts) };
}

function urlFaults(base: URL): string[] {
  const faults: string[] = [];
  const local = isLoopbackHost(base.hostname);
  if (base.protocol !== "https:" && !(base.protocol === "http:" && local)) {
    faults.push("is not https://, which only this machine's own interface may do without");
  }
  if (base.username !== "" || base.password !== "") {
    faults.push("holds credentials; give them by --token-file");
  }
  if (base.search !== "" || base.hash !== "")
    faults.push("has a query; a file's path comes after it");
  const address = addressOf(base.hostname);
  if (!local && address !== undefined && isForbidden(address)) {
    faults.push("is an address that no source may have");
  }
  return faults;
}

function isHost(given: string): boolean {
  return URL.canParse(`https://${given}/`) && new URL(`https://${given}/`).host === given;
}

export function urlOf({ base }: Source, path: string): URL {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${base.href.replace(/\/+$/, "")}/${encoded}`);
}

/** Why a redirect is not followed; undefined: it may be. */
export function redirectFault({ base, hosts }: Source, to: URL): string | undefined {
  const local = isLoopbackHost(base.hostname) && isLoopbackHost(to.hostname);
  if (
    to.protocol !== "https:" &&
    !(to.protocol === "http:" && local && base.protocol === "http:")
  ) {
    return "it is not https://";
  }
  const address = addressOf(to.hostname);
  if (!local && (isLoopbackHost(to.hostname) || (address !== undefined && isForbidden(address)))) {
    return "no source may lead to that address";
  }
  if (to.origin === base.origin || hosts.has(to.host)) return undefined;
  return `its host was not named; allow it with --host ${to.host} if it is the source's own`;
}

/** Whether the token may be sent: to the host of the source alone. */
export function isFirstHost({ base }: Source, url: URL): boolean {
  return url.origin === base.origin;
}

/** For messages: signed links carry their secret in the query. */
export function withoutSecrets(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
