import { egressGateway, paths } from "../../components/gateway/names.ts";
import { engineCluster } from "../../components/lib/migration/desired.ts";
import { configTexts, textsBelow } from "../kubernetes/config-texts.ts";
import { connectionManagers, envoyField, holding } from "../kubernetes/envoy.ts";
import { addressesOf, isOwnProcess, isStatic, isWhole } from "../kubernetes/envoy-clusters.ts";
import { ownSources } from "../kubernetes/envoy-remote-routes.ts";
import {
  elements,
  entries,
  type Field,
  get,
  isEmpty,
  isUnreadable,
  rootField,
  textOf,
} from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";

export interface ClosedContext {
  /** Addresses of the stack's own route controller. */
  readonly controllers: ReadonlySet<string>;
  /** Addresses of its rate-limit service. */
  readonly limits: ReadonlySet<string>;
  /** Names of clusters that lead out. */
  readonly external: ReadonlySet<string>;
}

/** Whatever in the configuration of the closed proxy is, or may be, a way or a name outside. */
export function closedMapFaults(object: KubeObject, context: ClosedContext): readonly Violation[] {
  const root = rootField(object.body);
  const data = get(root, "data");
  const files = entries(data);
  if (files === undefined) return [unreadable(object, data)];
  const hidden = files.map(([, field]) => field).filter(isUnreadable);
  const binary = get(root, "binaryData");
  return [
    ...hidden.map((field) => unreadable(object, field)),
    ...(isEmpty(binary)
      ? []
      : [violation(object, binary, "is a configuration that no rule reads")]),
    ...configTexts(object).flatMap(({ field, documents }) =>
      documents === undefined
        ? [violation(object, field, "is neither JSON nor YAML, so no rule reads it")]
        : documents.flatMap((document) => documentFaults(object, document, context)),
    ),
  ];
}

function documentFaults(
  object: KubeObject,
  document: Field,
  context: ClosedContext,
): readonly Violation[] {
  const say = (problem: string) => (field: Field) => violation(object, field, problem);
  const clusters = elements(get(envoyField(document, "static_resources"), "clusters"));
  const own = ownSources(document, context.controllers);
  return [
    ...(isWhole(document)
      ? []
      : [
          say("takes clusters or listeners from elsewhere")(
            envoyField(document, "dynamic_resources"),
          ),
        ]),
    ...connectionManagers(document)
      .flatMap((manager) => ["rds", "scoped_routes"].map((name) => envoyField(manager, name)))
      .filter(({ value }) => value !== undefined)
      .map(say("takes its routes from elsewhere, so a change of traffic could lead them out")),
    ...clusters.flatMap((cluster) => clusterFaults(object, cluster, own, context)),
    ...holding(document, "socket_address")
      .map((each) => get(envoyField(each, "socket_address"), "address"))
      .filter((address) => !isAddress(textOf(address) ?? ""))
      .map(say("is a name in place of an address")),
    ...steering.flatMap((name) =>
      holding(document, name)
        .map((each) => envoyField(each, name))
        .map(say("lets a request, or another host, decide where it goes")),
    ),
    ...[...textsBelow(document)]
      .filter((field) => namesOutside(textOf(field) ?? "", context))
      .map(say("names what leads outside")),
  ];
}

/** Fields by which a host name or a header would choose the destination. */
const steering = [
  "cluster_header",
  "cluster_specifier_plugin",
  "inline_cluster_specifier_plugin",
  "host_rewrite_header",
  "host_rewrite_literal",
  "host_rewrite_path_regex",
  "google_grpc",
  "sni",
];

function isAddress(text: string): boolean {
  return /^(?:\d+\.){3}\d+$/.test(text) || /^[\da-f]*:[\da-f:.]*$/i.test(text);
}

function namesOutside(text: string, { external }: ClosedContext): boolean {
  if (text.includes(egressGateway)) return true;
  if (text.startsWith(paths.providerKeys) || text.startsWith(paths.egressKey)) return true;
  return [...external].some((cluster) => text.includes(cluster));
}

/** Engines by the addresses that the controller has, those that are asked by address, and the proxy itself. */
function clusterFaults(
  object: KubeObject,
  cluster: Field,
  own: ReadonlySet<string>,
  { controllers, limits }: ClosedContext,
): readonly Violation[] {
  if (isUnreadable(cluster)) return [unreadable(object, cluster)];
  if (isStatic(cluster)) {
    const addresses = addressesOf(cluster);
    const known = [...controllers, ...limits];
    const isKnown =
      addresses !== undefined &&
      addresses.length > 0 &&
      addresses.every((each) => known.includes(each));
    if (isOwnProcess(cluster) || isKnown) return [];
    const problem =
      "leads to an address that is neither the route controller's nor the rate-limit service's";
    return [violation(object, cluster, problem)];
  }
  const eds = envoyField(cluster, "eds_cluster_config");
  const source = envoyField(envoyField(eds, "eds_config"), "api_config_source");
  const service = envoyField(eds, "service_name");
  const name = textOf(service) ?? textOf(get(cluster, "name")) ?? "";
  const isEngine =
    get(cluster, "type").value === "EDS" &&
    envoyField(cluster, "cluster_type").value === undefined &&
    own.has(source.path) &&
    name.startsWith(engineCluster(""));
  return isEngine
    ? []
    : [violation(object, cluster, "is no model of the stack by the addresses of its pods")];
}
