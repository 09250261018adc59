import { type Field, textOf } from "../model/field.ts";

/**
 * Host and port that an address leads to, in lower case; `undefined` where it is none. Takes a URL, with
 * or without credentials, and `host:port`.
 */
export function endpointHost(
  field: Field,
): { readonly host: string; readonly port: string } | undefined {
  const text = textOf(field)?.trim();
  if (text === undefined || text === "" || /[\s,$]/.test(text)) return undefined;
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `tcp://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || url.hostname === "") return undefined;
  return { host: url.hostname.toLowerCase(), port: url.port };
}

/** Whether an address leads to one of the hosts, each a name with an optional port. */
export function leadsTo(field: Field, hosts: readonly string[]): boolean {
  const endpoint = endpointHost(field);
  if (endpoint === undefined) return false;
  const { host, port } = endpoint;
  return hosts.includes(host) || (port !== "" && hosts.includes(`${host}:${port}`));
}
