import { leaves } from "../kubernetes/config-data.ts";
import { endpointOf, type Inside, isInside } from "../kubernetes/hosts.ts";
import { type Field, get, isUnreadable } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";

/** Where a rule lets things be sent: into the cluster, and to the hosts that the stack lists. */
export interface Destinations {
  readonly inside: Inside;
  readonly hosts: readonly string[];
  /** The key of the stack file that lists more, such as "policies.logHosts". */
  readonly setting: string;
}

/** Names under which configurations keep an address that they send to or ask. */
const addressName =
  /(?:^|[_-]|[a-z])(?:urls?|uris?|endpoints?|address(?:es)?|hosts?|servers?|smarthost|brokers?)$/i;

/** Links and pictures that stand in a message, and names of the thing itself. */
const decoration =
  /^(?:(?:icon|image|thumb|avatar|title|external|source|generator|dashboard|runbook|callback|from|self|listen|advertise|server_?name)[_-]?\w*|hostname)$/i;

/** Every leaf below a field that is an address by its name. */
export function addressesIn(field: Field): readonly Field[] {
  return leaves(field)
    .filter(([name]) => addressName.test(name) && !decoration.test(name))
    .map(([, leaf]) => leaf)
    .filter(({ value }) => typeof value !== "boolean" && typeof value !== "number" && value !== "");
}

/** One address: known, and inside or listed. */
export function checkAddress(
  object: KubeObject,
  field: Field,
  destinations: Destinations,
): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(object, field)];
  if (typeof field.value !== "string") {
    return [violation(object, field, "is no address", remedyOf(destinations))];
  }
  const endpoint = endpointOf(field.value);
  if (endpoint === undefined) {
    const problem = "is an address that only the running program knows";
    return [violation(object, field, problem, "write the address itself")];
  }
  if (isInside(endpoint, destinations.inside, destinations.hosts)) return [];
  // What a Secret holds stays out of messages.
  const shown = object.kind === "Secret" ? "" : `"${endpoint.host}", `;
  const problem = `sends to ${shown}a host that is neither in the cluster nor in ${destinations.setting}`;
  return [violation(object, field, problem, remedyOf(destinations))];
}

export function checkAddresses(
  object: KubeObject,
  field: Field,
  destinations: Destinations,
): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(object, field)];
  return addressesIn(field).flatMap((address) => checkAddress(object, address, destinations));
}

export function remedyOf({ setting }: Destinations): string {
  return `send to a Service of the cluster, or list the host in ${setting}`;
}

/** Entries of a list that must each name where they send; the first name that is there counts. */
export function checkTarget(
  object: KubeObject,
  entry: Field,
  names: readonly string[],
  destinations: Destinations,
): readonly Violation[] {
  if (isUnreadable(entry)) return [unreadable(object, entry)];
  const named = names.map((name) => get(entry, name)).find(({ value }) => value !== undefined);
  if (named !== undefined) return checkAddress(object, named, destinations);
  const problem = "names no address that can be judged";
  return [violation(object, entry, problem, remedyOf(destinations))];
}
