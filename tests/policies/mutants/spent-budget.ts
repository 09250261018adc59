import { at, isArray, unknown, type Value } from "../../../policies/model/value.ts";
import { documentOf, placeIn } from "../gateway-graph.ts";
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

const map = "gateway-egress-envoy";
const filters = [...manager, "http_filters"];
const place = placeIn(
  map,
  bootstrap,
  filters,
  ({ name }) => name === "envoy.filters.http.ratelimit",
);
const filter = [...filters, place];
const config = [...filter, "typed_config"];
const filtersPath = `${managerPath}.http_filters`;
const configPath = `${filtersPath}[${place}].typed_config`;
const listPath = `${configPath}.rate_limits`;
const limitsCluster = placeIn(map, bootstrap, clusters, ({ name }) => name === "limits");

const [questionEntry = null, chargeEntry = null] = entriesOf();

/** Its two entries: what asks, and what charges. */
function entriesOf(): readonly Value[] {
  const list = at(documentOf(map, bootstrap), ...config, "rate_limits");
  return isArray(list) ? list : [];
}

const egress = (
  title: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  reported: string,
) => changedBootstrap("A16", title, map, path, value, reported);

const road: readonly Mutant[] = [
  egress(
    "a way out that stays open without a counter",
    [...config, "failure_mode_deny"],
    false,
    `${configPath}.failure_mode_deny`,
  ),
  egress(
    "a way out that stays open without a counter, unsaid",
    [...config, "failure_mode_deny"],
    undefined,
    `${configPath}.failure_mode_deny`,
  ),
  egress(
    "a way out that is closed by a text",
    [...config, "failure_mode_deny"],
    "true",
    `${configPath}.failure_mode_deny`,
  ),
  egress(
    "a way out that counts nothing",
    filter,
    { name: "envoy.filters.http.buffer" },
    filtersPath,
  ),
  egress("a counting that is switched off", [...filter, "disabled"], true, filtersPath),
  egress("a domain without limits", [...config, "domain"], "other", `${configPath}.domain`),
  egress(
    "a road of another name",
    [...config, "rate_limits", 0, "actions", 0, "generic_key", "descriptor_value"],
    "inside",
    listPath,
  ),
  egress("no question before a request", [...config, "rate_limits", 0], chargeEntry, listPath),
  egress("no charge after a request", [...config, "rate_limits", 1], questionEntry, listPath),
  egress(
    "a charge of nothing",
    [...config, "rate_limits", 1, "hits_addend"],
    { number: 0 },
    listPath,
  ),
  egress(
    "a question that can be switched off",
    [...config, "rate_limits", 0, "disable_key"],
    "off",
    listPath,
  ),
  egress(
    "one more word in the key",
    [...config, "rate_limits", 0, "actions", 2],
    { generic_key: { descriptor_value: "x" } },
    listPath,
  ),
  egress(
    "a share of requests that is asked",
    [...config, "filter_enabled"],
    { default_value: { numerator: 1 } },
    `${configPath}.filter_enabled`,
  ),
  egress(
    "a share of refusals that counts",
    [...config, "filterEnforced"],
    { default_value: { numerator: 0 } },
    `${configPath}.filterEnforced`,
  ),
  egress(
    "another service that counts",
    [
      ...clusters,
      limitsCluster,
      "load_assignment",
      "endpoints",
      0,
      "lb_endpoints",
      0,
      "endpoint",
      "address",
      "socket_address",
      "address",
    ],
    "10.96.0.99",
    `${configPath}.rate_limit_service`,
  ),
  egress(
    "a service by its name",
    [...clusters, limitsCluster, "type"],
    "STRICT_DNS",
    `${configPath}.rate_limit_service`,
  ),
  egress(
    "a route that is not counted",
    [...manager, "route_config", "virtual_hosts", 0, "typed_per_filter_config"],
    { "envoy.filters.http.ratelimit": { disabled: true } },
    `${managerPath}.route_config.virtual_hosts[0].typed_per_filter_config["envoy.filters.http.ratelimit"]`,
  ),
  egress(
    "a route that counts otherwise",
    [...manager, "route_config", "virtual_hosts", 0, "rate_limits"],
    [],
    `${managerPath}.route_config.virtual_hosts[0].rate_limits`,
  ),
  egress(
    "a listener that hands bytes on",
    ["static_resources", "listeners", 0, "filter_chains", 0, "filters", 1],
    { name: "envoy.filters.network.tcp_proxy" },
    `${bootstrapPath}.static_resources.listeners[0].filter_chains[0].filters[1]`,
  ),
  lostFromGateway(
    "A16",
    "a counted road without a limit",
    "ConfigMap/gateway-limits",
    `ConfigMap gateway/${map}`,
    "",
  ),
];

const limits = 'data["limits.yaml"]';
const told = (title: string, text: Value, path: string): Mutant =>
  changedGateway("A16", title, "ConfigMap/gateway-limits", ["data", "limits.yaml"], text, { path });
const budget = (more: string) =>
  `{domain: private-llm, descriptors: [{key: road, value: external, descriptors: [{key: month, ${more}}]}]}`;

const service: readonly Mutant[] = [
  told(
    "a budget that is only watched",
    budget("shadow_mode: true, rate_limit: {unit: year, requests_per_unit: 1}"),
    `${limits}.descriptors[0].descriptors[0].shadow_mode`,
  ),
  told(
    "a budget without an end",
    budget("rate_limit: {unlimited: true}"),
    `${limits}.descriptors[0].descriptors[0].rate_limit.unlimited`,
  ),
  told("limits that are no YAML", "{", limits),
  {
    ...told("a budget that another domain has", budget("x: 1").replace("private-llm", "other"), ""),
    object: `ConfigMap gateway/${map}`,
  },
  changedGateway(
    "A16",
    "a service that only watches",
    "Deployment/gateway-limits",
    ["spec", "template", "spec", "containers", 0, "env", 0],
    { name: "SHADOW_MODE", value: "true" },
    { path: "spec.template.spec.containers[0].env[0]" },
  ),
  changedGateway(
    "A16",
    "a counter of which nobody knows where it is",
    "Deployment/gateway-limits",
    ["spec", "template", "spec", "containers", 0, "env", 0, "value"],
    unknown,
    { path: "spec.template.spec.containers[0].env[0].value" },
  ),
  changedGateway(
    "A16",
    "a service that refuses nobody",
    "Deployment/gateway-limits",
    ["spec", "template", "spec", "containers", 0, "env", 0],
    { name: "QUOTA_MODE", value: "true" },
    { path: "spec.template.spec.containers[0].env[0]" },
  ),
  changedGateway(
    "A16",
    "a service with variables that nobody sees",
    "Deployment/gateway-limits",
    ["spec", "template", "spec", "containers", 0, "envFrom"],
    [{ configMapRef: { name: "x" } }],
    { path: "spec.template.spec.containers[0].envFrom" },
  ),
];

export const spentBudgets: readonly Mutant[] = [...road, ...service];
