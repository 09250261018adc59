import { type Field, get, isEmpty, textOf } from "../model/field.ts";
import { envoyField, holding } from "./envoy.ts";
import { loopback } from "./envoy-clusters.ts";

/** Listener of a document in which a field stands. */
export function listenerOf(field: Field, document: Field): Field | undefined {
  return holding(document, "filter_chains").find(({ path }) => field.path.startsWith(`${path}.`));
}

/** A listener that nobody but processes of the same pod reach. */
export function isInsidePod(listener: Field): boolean {
  if (!isEmpty(envoyField(listener, "additional_addresses"))) return false;
  const socket = envoyField(get(listener, "address"), "socket_address");
  return isInternal(listener) || loopback.test(textOf(get(socket, "address")) ?? "");
}

/** A listener without an address: only clusters of the same proxy lead to it, thus what another listener let in. */
export function isInternal(listener: Field): boolean {
  return (
    envoyField(listener, "internal_listener").value !== undefined &&
    isEmpty(get(listener, "address")) &&
    isEmpty(envoyField(listener, "additional_addresses"))
  );
}
