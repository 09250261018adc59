import { elements, type Field, get, isEmpty, textOf } from "../model/field.ts";
import type { Settings } from "../model/settings.ts";
import { envoyField, extensionName, holding } from "./envoy.ts";
import { isInferenceNamespace } from "./scope.ts";

/** Where the clusters of an Envoy document lead, as far as the document itself says so. */

export const loopback = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Clusters that stand in the document, by name; of two with one name neither is known. */
export function staticClusters(document: Field): ReadonlyMap<string, Field> {
  const found = elements(get(envoyField(document, "static_resources"), "clusters"));
  const named = Map.groupBy(found, (cluster) => textOf(get(cluster, "name")) ?? "");
  return new Map(
    [...named].flatMap(([name, [cluster, ...more]]) =>
      name === "" || cluster === undefined || more.length > 0 ? [] : [[name, cluster] as const],
    ),
  );
}

/** Whether the document takes neither clusters nor listeners from elsewhere. */
export function isWhole(document: Field): boolean {
  return isEmpty(envoyField(document, "dynamic_resources"));
}

/** Addresses that stand in a cluster; `undefined` where one cannot be read. */
export function addressesOf(cluster: Field): readonly string[] | undefined {
  const assignment = envoyField(cluster, "load_assignment");
  const addresses = holding(assignment, "socket_address").map((each) =>
    textOf(get(envoyField(each, "socket_address"), "address")),
  );
  const endpoints = holding(assignment, "endpoint").length;
  const read = addresses.filter((address) => address !== undefined);
  return read.length === addresses.length && read.length === endpoints ? read : undefined;
}

/** A list of addresses, each of which is its own. */
export function isStatic(cluster: Field): boolean {
  const type = get(cluster, "type").value;
  const custom = envoyField(cluster, "cluster_type").value;
  return (type === undefined || type === "STATIC") && custom === undefined;
}

/** The proxy itself: its admin interface, or another listener of its own. */
export function isOwnProcess(cluster: Field | undefined): boolean {
  if (cluster === undefined || !isStatic(cluster)) return false;
  const addresses = addressesOf(cluster);
  return (
    addresses !== undefined &&
    addresses.length > 0 &&
    addresses.every((address) => loopback.test(address))
  );
}

/**
 * The host outside that a cluster leads to, by its name and by a certificate for exactly this name; an engine
 * of the cluster has neither. `undefined` for anything else.
 */
export function outsideHost(cluster: Field | undefined, settings: Settings): string | undefined {
  if (cluster === undefined) return undefined;
  const [host, ...more] = namesOf(cluster) ?? [];
  if (host === undefined || more.length > 0 || !isOutsideName(host, settings)) return undefined;
  const tls = tlsOf(envoyField(cluster, "transport_socket"));
  if (tls === undefined || get(tls, "sni").value !== host) return undefined;
  const names = holding(tls, "match_typed_subject_alt_names").flatMap((each) =>
    elements(envoyField(each, "match_typed_subject_alt_names")),
  );
  const exact = names.every((name) => get(name, "matcher", "exact").value === host);
  return names.length > 0 && exact ? host : undefined;
}

const tunnel = /Http11ProxyUpstreamTransport$/;

/** What a cluster's connections ask for: behind the site's proxy the name of the endpoint, else its address. */
function namesOf(cluster: Field): readonly string[] | undefined {
  const socket = envoyField(cluster, "transport_socket");
  const tunnelled =
    tunnel.test(extensionName(socket)) &&
    envoyField(envoyField(socket, "typed_config"), "default_proxy_address").value !== undefined;
  if (!tunnelled || !isStatic(cluster)) return addressesOf(cluster);
  const endpoints = holding(envoyField(cluster, "load_assignment"), "endpoint");
  const names = endpoints.map((each) => textOf(get(envoyField(each, "endpoint"), "hostname")));
  const read = names.filter((name) => name !== undefined);
  return read.length === names.length ? read : undefined;
}

/** TLS of a cluster, be it inside the tunnel of the site's proxy. */
function tlsOf(socket: Field): Field | undefined {
  const config = envoyField(socket, "typed_config");
  if (extensionName(socket).endsWith("Http11ProxyUpstreamTransport")) {
    return tlsOf(envoyField(config, "transport_socket"));
  }
  return extensionName(socket).endsWith("UpstreamTlsContext") ? config : undefined;
}

/** Names that the cluster's DNS knows lead inside; with two labels the second may be a namespace. */
function isOutsideName(host: string, settings: Settings): boolean {
  const labels = host.replace(/\.$/, "").split(".");
  const [, second] = labels;
  if (second === undefined || /^[\d.]+$|:/.test(host)) return false;
  if (labels.includes("svc") || labels.at(-1) === "local") return false;
  return (
    labels.length > 2 ||
    !(isInferenceNamespace(second, settings) || second === settings.gatewayNamespace)
  );
}

/** Clusters that a route hands requests on to; `undefined` where something else than the document decides. */
export function targetsOf(action: Field): readonly string[] | undefined {
  const weighted = envoyField(action, "weighted_clusters");
  const fields =
    weighted.value === undefined
      ? [get(action, "cluster")]
      : elements(get(weighted, "clusters")).map((each) => get(each, "name"));
  const names = fields.map(textOf).filter((name) => name !== undefined);
  return names.length === fields.length ? names : undefined;
}
