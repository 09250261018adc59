import { desiredRoutes } from "../../../components/lib/migration/desired.ts";
import { unknown, type Value } from "../../../policies/model/value.ts";
import { documentChanged, gatewayConfig, placeIn } from "../gateway-graph.ts";
import {
  bootstrap,
  bootstrapPath,
  changedBootstrap,
  changedGateway,
  clusters,
  lostFromGateway,
  manager,
  managerPath,
} from "./gateway-mutant.ts";
import type { Mutant } from "./mutant.ts";

/** The first route of the closed proxy that hands a request on. */
const routes = [...manager, "route_config", "virtual_hosts", 0, "routes"] as const;
const forward = placeIn(
  "gateway-closed-envoy",
  bootstrap,
  routes,
  ({ route }) => route !== undefined,
);
const forwardPath = `${managerPath}.route_config.virtual_hosts[0].routes[${forward}].route`;

const desiredMap = "gateway-desired";
const desiredPath = 'data["desired.json"]';
const contracts = desiredRoutes(gatewayConfig, []).classes.findIndex(
  ({ name }) => name === "contracts",
);

function desired(title: string, path: readonly (string | number)[], value: Value): Mutant {
  return {
    rule: "A15",
    title,
    resources: documentChanged(desiredMap, "desired.json", ["classes", contracts, ...path], value),
    object: `ConfigMap gateway/${desiredMap}`,
    path: desiredPath,
  };
}

const classes: readonly Mutant[] = [
  desired("a restricted class with a provider", ["backends", 0, "kind"], "external"),
  desired(
    "a restricted class whose model leads out",
    ["backends", 0, "cluster"],
    "external-openai-gpt-4-turbo",
  ),
  desired("a restricted class with a share outside", ["phases", "hybrid", "openai"], 20),
  desired("a restricted class that fails over", ["failover"], true),
  desired("a class of which nobody knows whether it may leave", ["dataClass"], "other"),
  changedGateway(
    "A15",
    "desired routes that are no JSON",
    "ConfigMap/gateway-desired",
    ["data", "desired.json"],
    "{",
    { path: desiredPath },
  ),
  changedGateway(
    "A15",
    "desired routes that nobody knows yet",
    "ConfigMap/gateway-desired",
    ["data", "desired.json"],
    unknown,
    { path: desiredPath },
  ),
  lostFromGateway(
    "A15",
    "no desired routes",
    "ConfigMap/gateway-desired",
    "Deployment gateway/gateway",
    "metadata.name",
  ),
  lostFromGateway(
    "A15",
    "no configuration of the closed proxy",
    "ConfigMap/gateway-closed-envoy",
    "Deployment gateway/gateway",
    "metadata.name",
  ),
];

const map = "gateway-closed-envoy";
const closed = (
  title: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  reported: string,
) => changedBootstrap("A15", title, map, path, value, reported);
const engine = placeIn(map, bootstrap, clusters, ({ name }) => name === "engine-llama");
const xds = placeIn(map, bootstrap, clusters, ({ name }) => name === "route-controller");
const admin = placeIn(map, bootstrap, clusters, ({ name }) => name === "admin");
const clusterPath = (index: number) => `${bootstrapPath}.static_resources.clusters[${index}]`;
const endpoint = [
  "load_assignment",
  "endpoints",
  0,
  "lb_endpoints",
  0,
  "endpoint",
  "address",
  "socket_address",
  "address",
];
const endpointPath =
  "load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address";

const document: readonly Mutant[] = [
  closed(
    "routes of the closed proxy from the controller",
    [...manager, "rds"],
    { route_config_name: "task-classes" },
    `${managerPath}.rds`,
  ),
  closed(
    "routes of the closed proxy by scope",
    [...manager, "scoped_routes"],
    {},
    `${managerPath}.scoped_routes`,
  ),
  closed(
    "clusters of the closed proxy from elsewhere",
    ["dynamic_resources"],
    { cds_config: {} },
    `${bootstrapPath}.dynamic_resources`,
  ),
  closed("an engine by its name", [...clusters, engine, "type"], "STRICT_DNS", clusterPath(engine)),
  closed(
    "an engine by a plug-in",
    [...clusters, engine, "cluster_type"],
    { name: "envoy.clusters.dns" },
    clusterPath(engine),
  ),
  closed(
    "endpoints under another name",
    [...clusters, engine, "eds_cluster_config", "service_name"],
    "external-x",
    clusterPath(engine),
  ),
  closed(
    "endpoints of another server",
    [...clusters, engine, "eds_cluster_config", "eds_config", "api_config_source", "cluster_names"],
    ["admin"],
    clusterPath(engine),
  ),
  closed(
    "endpoints from a file",
    [...clusters, engine, "eds_cluster_config", "eds_config"],
    { path_config_source: { path: "/x" } },
    clusterPath(engine),
  ),
  closed(
    "a static address outside",
    [...clusters, xds, ...endpoint],
    "198.51.100.7",
    clusterPath(xds),
  ),
  closed(
    "another static address inside",
    [...clusters, admin, ...endpoint],
    "10.96.0.99",
    clusterPath(admin),
  ),
  closed(
    "a host name",
    [...clusters, xds, ...endpoint],
    "api.openai.com",
    `${clusterPath(xds)}.${endpointPath}`,
  ),
  closed(
    "a name for TLS",
    [...clusters, engine, "transport_socket"],
    { name: "envoy.transport_sockets.tls", typed_config: { sni: "api.openai.com" } },
    `${clusterPath(engine)}.transport_socket.typed_config.sni`,
  ),
  closed(
    "a request that names its cluster",
    [...routes, forward, "route"],
    { cluster_header: "x" },
    `${forwardPath}.cluster_header`,
  ),
  closed(
    "the egress gateway by name",
    [...clusters, engine, "alt_stat_name"],
    "gateway-egress",
    `${clusterPath(engine)}.alt_stat_name`,
  ),
  closed(
    "a cluster that leads out",
    [...routes, forward, "route", "weighted_clusters", "clusters", 0, "name"],
    "external-openai-gpt-4-turbo",
    `${forwardPath}.weighted_clusters.clusters[0].name`,
  ),
  closed(
    "a provider's key",
    [...clusters, engine, "alt_stat_name"],
    "/etc/envoy/provider-keys/openai",
    `${clusterPath(engine)}.alt_stat_name`,
  ),
  changedGateway(
    "A15",
    "a configuration of the closed proxy that nobody knows",
    `ConfigMap/${map}`,
    ["data"],
    unknown,
    { path: "data" },
  ),
  changedGateway(
    "A15",
    "one file of it that nobody knows",
    `ConfigMap/${map}`,
    ["data", "more.json"],
    unknown,
    { path: 'data["more.json"]' },
  ),
  changedGateway(
    "A15",
    "a file of it that is no document",
    `ConfigMap/${map}`,
    ["data", "more.json"],
    "{ a: ] }",
    { path: 'data["more.json"]' },
  ),
  changedGateway(
    "A15",
    "a file of it in base64",
    `ConfigMap/${map}`,
    ["binaryData"],
    { x: "e30=" },
    { path: "binaryData" },
  ),
];

export const taskClassDocuments: readonly Mutant[] = [...classes, ...document];
