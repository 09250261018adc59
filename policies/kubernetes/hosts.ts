import { isIP } from "node:net";
import {
  type Cidr,
  cidrFault,
  containsAddress,
  parseAddress,
  parseCidr,
} from "../../components/lib/cidr.ts";
import { systemNamespaces } from "../../components/lib/stack/namespaces.ts";
import type { Graph } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { isKind } from "./api-groups.ts";

/** What tells names and addresses of the cluster from those of the outside. */
export interface Inside {
  readonly namespaces: ReadonlySet<string>;
  readonly ranges: readonly Cidr[];
}

export function insideOf(graph: Graph, settings: Settings): Inside {
  const { network, inferenceNamespaces, infrastructureNamespaces } = settings;
  const namespaces = new Set([
    "default",
    ...systemNamespaces,
    ...infrastructureNamespaces,
    ...(inferenceNamespaces === "every" ? [] : inferenceNamespaces),
    ...[settings.gatewayNamespace, settings.monitoringNamespace].filter(
      (name) => name !== undefined,
    ),
  ]);
  for (const object of graph.objects) {
    const name = isKind(object, "Namespace") ? object.name : object.namespace;
    if (typeof name === "string") namespaces.add(name);
  }
  const ranges = [network?.podCidr, network?.serviceCidr, network?.nodeCidr]
    .filter((text) => text !== undefined && cidrFault(text) === undefined)
    .map((text) => parseCidr(text ?? ""));
  return { namespaces, ranges };
}

/** A host and port as a program would dial them. */
export interface Endpoint {
  /** In lower case, without a final dot; empty for a file or socket on the machine itself. */
  readonly host: string;
  /** As text; the scheme's own where the address names none. */
  readonly port: string;
}

const localSchemes = new Set(["file:", "unix:", "unix-abstract:"]);
const defaultPorts: Readonly<Record<string, string>> = {
  "http:": "80",
  "ws:": "80",
  "https:": "443",
  "wss:": "443",
};

/** Reads a URL, or a host with an optional port; `undefined` where a variable or nothing stands. */
export function endpointOf(text: string): Endpoint | undefined {
  // Thanos and gRPC put the way to resolve a name in front.
  const address = text
    .trim()
    .replace(/^dns(?:srv(?:noa)?)?\+/, "")
    .replace(/^dns:\/\/\//, "");
  if (address === "" || /\$[({A-Za-z_]|\{\{|%\(/.test(address)) return undefined;
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `tcp://${address}`;
  const url = URL.parse(withScheme);
  if (url === null) return undefined;
  if (localSchemes.has(url.protocol)) return { host: "", port: "" };
  // Only URLs of the web get their hosts put into one form, such as numbers of addresses.
  const host = URL.parse(`http://${url.host}`)?.hostname ?? "";
  if (host === "") return undefined;
  return { host: host.replace(/\.$/, ""), port: url.port || (defaultPorts[url.protocol] ?? "") };
}

/** Names of Services and pods as the cluster's DNS knows them. */
const clusterName = /^(?:[a-z0-9-]+\.){2,3}(?:svc(?:\.cluster\.local)?|pod\.cluster\.local)$/;

/** Whether an endpoint lies in the cluster, or is one of the listed hosts (`host` or `host:port`). */
export function isInside(
  { host, port }: Endpoint,
  inside: Inside,
  listed: readonly string[],
): boolean {
  if (listed.includes(host) || listed.includes(`${host}:${port}`)) return true;
  if (host === "" || host === "localhost") return true;
  const address = host.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 0) return isInsideAddress(address, inside);
  const labels = host.split(".");
  const [, namespace] = labels;
  if (namespace === undefined) return true;
  // With two labels only the namespaces tell a Service from a domain of the internet.
  if (labels.length === 2) return inside.namespaces.has(namespace);
  return clusterName.test(host);
}

const loopback = ["127.0.0.0/8", "::1/128"].map(parseCidr);

function isInsideAddress(text: string, { ranges }: Inside): boolean {
  try {
    const address = parseAddress(text);
    return [...loopback, ...ranges].some((range) => containsAddress(range, address));
  } catch {
    return false;
  }
}
