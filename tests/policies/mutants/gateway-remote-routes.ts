import { unknown } from "../../../policies/model/value.ts";
import { documentChanged, placeIn } from "../gateway-graph.ts";
import {
  bootstrap,
  bootstrapPath,
  changedBootstrap,
  changedGateway,
  clusters,
  manager,
  managerPath,
} from "./gateway-mutant.ts";
import type { Mutant } from "./mutant.ts";

/** What A11 sees where routes, endpoints and keys of the product's own gateway come from elsewhere. */

const open = "gateway-envoy";
const rds = `${managerPath}.rds.config_source.api_config_source`;
const xds = placeIn(open, bootstrap, clusters, ({ name }) => name === "route-controller");
const engine = placeIn(open, bootstrap, clusters, ({ name }) => name === "engine-llama");

const permissions = [
  ...manager,
  "http_filters",
  0,
  "typed_config",
  "rules",
  "policies",
  "engine-paths",
  "permissions",
];
const socket = (cluster: number) => [
  ...clusters,
  cluster,
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
const eds = `${bootstrapPath}.static_resources.clusters[${engine}].eds_cluster_config.eds_config.api_config_source`;

const remoteRoutes: readonly Mutant[] = [
  changedBootstrap(
    "A11",
    "remote routes without a list of paths",
    open,
    [...manager, "http_filters", 0],
    { name: "envoy.filters.http.router" },
    rds,
  ),
  changedBootstrap(
    "A11",
    "remote routes beside a list that is switched off",
    open,
    [...manager, "http_filters", 0, "disabled"],
    true,
    rds,
  ),
  changedBootstrap(
    "A11",
    "remote routes beside a list of another path",
    open,
    [...permissions, 0],
    { url_path: { path: { exact: "/invocations" } } },
    rds,
  ),
  changedBootstrap(
    "A11",
    "remote routes beside a list of every path",
    open,
    [...permissions, 0],
    { any: true },
    rds,
  ),
  changedBootstrap(
    "A11",
    "remote routes beside a list with a prefix",
    open,
    [...permissions, 0],
    { url_path: { path: { prefix: "/v1/" } } },
    rds,
  ),
  changedBootstrap(
    "A11",
    "remote routes beside a choice of any path",
    open,
    [...permissions, 0],
    { or_rules: { rules: [{ url_path: { path: { exact: "/v1/models" } } }, { any: true }] } },
    rds,
  ),
  changedBootstrap(
    "A11",
    "remote routes beside a list of what is refused",
    open,
    [...manager, "http_filters", 0, "typed_config", "rules", "action"],
    "DENY",
    rds,
  ),
  changedBootstrap(
    "A11",
    "remote routes beside a list that only counts",
    open,
    [...manager, "http_filters", 0, "typed_config", "rules"],
    undefined,
    rds,
  ),
  changedBootstrap("A11", "routes of another server", open, socket(xds), "10.96.0.33", rds),
  changedBootstrap("A11", "endpoints of another server", open, socket(xds), "10.96.0.33", eds),
  changedBootstrap(
    "A11",
    "routes of a server by its name",
    open,
    [...clusters, xds, "type"],
    "STRICT_DNS",
    rds,
  ),
  changedBootstrap(
    "A11",
    "routes of two servers",
    open,
    [...manager, "rds", "config_source", "api_config_source", "cluster_names"],
    ["route-controller", "engine-llama"],
    rds,
  ),
  changedBootstrap(
    "A11",
    "routes by gRPC of who knows whom",
    open,
    [...manager, "rds", "config_source", "api_config_source", "grpc_services"],
    [{}],
    rds,
  ),
  changedBootstrap(
    "A11",
    "remote routes and clusters from elsewhere",
    open,
    ["dynamic_resources"],
    { cds_config: { path_config_source: { path: "/tmp/cds" } } },
    rds,
  ),
  changedGateway(
    "A11",
    "a controller whose address is another one",
    "Service/gateway-routes",
    ["spec", "clusterIP"],
    "10.96.0.40",
    { object: `ConfigMap gateway/${open}`, path: rds },
  ),
  changedGateway(
    "A11",
    "a controller whose address nobody knows",
    "Service/gateway-routes",
    ["spec", "clusterIP"],
    unknown,
    { object: `ConfigMap gateway/${open}`, path: rds },
  ),
  {
    rule: "A11",
    title: "a controller outside the range of Services",
    resources: documentChanged(open, bootstrap, socket(xds), "198.51.100.7").map((each) =>
      each.type.endsWith(":Service") && each.name === "gateway-routes"
        ? { ...each, properties: { ...each.properties, spec: { clusterIP: "198.51.100.7" } } }
        : each,
    ),
    object: `ConfigMap gateway/${open}`,
    path: rds,
  },
];

const keys: readonly Mutant[] = [
  changedBootstrap(
    "A11",
    "keys of clients from a server",
    open,
    [...manager, "http_filters", 1, "config_discovery", "config_source"],
    { api_config_source: { cluster_names: ["route-controller"] } },
    `${managerPath}.http_filters[1].config_discovery.config_source.api_config_source`,
  ),
  changedBootstrap(
    "A11",
    "a filter from elsewhere that may be of any type",
    open,
    [...manager, "http_filters", 1, "config_discovery", "type_urls"],
    ["type.googleapis.com/a.ApiKeyAuth", "type.googleapis.com/b.Buffer"],
    managerPath,
  ),
  changedBootstrap(
    "A11",
    "a filter from elsewhere of another type",
    open,
    [...manager, "http_filters", 1, "config_discovery", "type_urls"],
    ["type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer"],
    managerPath,
  ),
  changedBootstrap(
    "A11",
    "everybody known until the keys are there",
    open,
    [...manager, "http_filters", 1, "config_discovery", "default_config"],
    { "@type": "type.googleapis.com/x.ApiKeyAuth" },
    `${managerPath}.http_filters[1].config_discovery.default_config`,
  ),
];

export const remoteSources: readonly Mutant[] = [...remoteRoutes, ...keys];
