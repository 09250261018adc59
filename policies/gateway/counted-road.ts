import {
  descriptorKeys,
  externalRoadValue,
  limitsDomain,
} from "../../components/gateway/limits/descriptors.ts";
import { connectionManagers, envoyField, extensionName, holding } from "../kubernetes/envoy.ts";
import {
  addressesOf,
  isOwnProcess,
  isStatic,
  staticClusters,
  targetsOf,
} from "../kubernetes/envoy-clusters.ts";
import { elements, entries, type Field, get, textOf } from "../model/field.ts";

/** A place of the egress gateway's configuration by which money could leave uncounted, and why. */
export interface UncountedPlace {
  readonly field: Field;
  readonly problem: string;
}

/** Whether some listener counts what goes to providers. */
export function countsRoad(document: Field): boolean {
  return connectionManagers(document).some((manager) => budgetFilters(manager).length > 0);
}

/**
 * Ways through the egress gateway that the external budget does not end.
 * @param limits addresses of the stack's own rate-limit service
 */
export function uncountedPlaces(
  document: Field,
  limits: ReadonlySet<string>,
): readonly UncountedPlace[] {
  const clusters = staticClusters(document);
  const filters = connectionManagers(document)
    .filter((manager) => leadsOn(manager, clusters))
    .map(judged);
  const own = new Set(filters.flatMap(({ config }) => (config === undefined ? [] : [config.path])));
  return [
    ...otherProtocols(document).map((field) => ({
      field,
      problem: "hands on what no budget counts",
    })),
    ...filters.flatMap(({ manager, config }) =>
      config === undefined
        ? [
            {
              field: envoyField(manager, "http_filters"),
              problem: "counts nothing of what goes to a provider, and a budget limits it",
            },
          ]
        : configFaults(config, document, limits),
    ),
    ...holding(document, "rate_limits")
      .filter(({ path }) => !own.has(path))
      .map((each) => ({
        field: envoyField(each, "rate_limits"),
        problem: "may take the place of the budget's own counting",
      })),
    ...holding(document, "typed_per_filter_config")
      .flatMap((each) => entries(envoyField(each, "typed_per_filter_config")) ?? [])
      .filter(
        ([name, field]) => isRateLimit(name) || isRateLimit(textOf(get(field, "@type")) ?? ""),
      )
      .map(([, field]) => ({ field, problem: "changes for one route what the budget counts" })),
  ];
}

/** Whether a listener hands anything on to others; the one for metrics leads to the proxy itself alone. */
function leadsOn(manager: Field, clusters: ReadonlyMap<string, Field>): boolean {
  const config = envoyField(manager, "route_config");
  const targets = holding(config, "route").map((each) => targetsOf(envoyField(each, "route")));
  return (
    config.value === undefined ||
    targets.some((names) => names?.every((name) => isOwnProcess(clusters.get(name))) !== true)
  );
}

/** Whatever else than HTTP a listener speaks, it hands on without counting. */
function otherProtocols(document: Field): readonly Field[] {
  return holding(document, "filter_chains")
    .flatMap((each) => elements(envoyField(each, "filter_chains")))
    .flatMap((chain) => elements(get(chain, "filters")))
    .filter((filter) => !extensionName(filter).endsWith(".HttpConnectionManager"));
}

function judged(manager: Field): { readonly manager: Field; readonly config: Field | undefined } {
  const [filter, ...more] = budgetFilters(manager);
  const config = filter === undefined || more.length > 0 ? undefined : filter;
  return { manager, config };
}

/** Configurations of the filters that count the road, and that no switch has turned off. */
function budgetFilters(manager: Field): readonly Field[] {
  return elements(envoyField(manager, "http_filters"))
    .filter((filter) => isRateLimit(extensionName(filter)))
    .filter((filter) => get(filter, "disabled").value === undefined)
    .map((filter) => envoyField(filter, "typed_config"))
    .filter((config) => elements(envoyField(config, "rate_limits")).some(isOfRoad));
}

function isRateLimit(name: string): boolean {
  return name.endsWith(".ratelimit.v3.RateLimit") || name === "envoy.filters.http.ratelimit";
}

/** Fields of the filter that do not weaken it. */
const knownFields = new Set([
  "@type",
  "domain",
  "timeout",
  "failure_mode_deny",
  "status_on_error",
  "disable_x_envoy_ratelimited_header",
  "rate_limit_service",
  "rate_limits",
]);

function configFaults(
  config: Field,
  document: Field,
  limits: ReadonlySet<string>,
): readonly UncountedPlace[] {
  const deny = envoyField(config, "failure_mode_deny");
  const domain = get(config, "domain");
  const list = envoyField(config, "rate_limits");
  const road = elements(list).filter(isOfRoad);
  return [
    ...(deny.value === true
      ? []
      : [{ field: deny, problem: "leaves the way out open while the counter is down" }]),
    ...(textOf(domain) === limitsDomain
      ? []
      : [{ field: domain, problem: "is a domain that the rate-limit service does not limit" }]),
    ...(road.some(asksFirst)
      ? []
      : [
          { field: list, problem: "lets a request out without asking whether the budget is spent" },
        ]),
    ...(road.some(chargesAtEnd)
      ? []
      : [{ field: list, problem: "charges nothing when a request has ended" }]),
    ...(asksOwnService(config, document, limits)
      ? []
      : [
          {
            field: envoyField(config, "rate_limit_service"),
            problem: "is not the stack's own rate-limit service",
          },
        ]),
    ...(entries(config) ?? [])
      .filter(([name]) => !knownFields.has(snakeCase(name)))
      .map(([, field]) => ({ field, problem: "may let requests pass that are above the budget" })),
  ];
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Exactly the road and the month: anything more is a key that the service does not limit. */
function isOfRoad(entry: Field): boolean {
  const [road, month, ...more] = elements(get(entry, "actions"));
  if (road === undefined || month === undefined || more.length > 0) return false;
  const generic = envoyField(road, "generic_key");
  return (
    textOf(envoyField(generic, "descriptor_key")) === descriptorKeys.road &&
    textOf(envoyField(generic, "descriptor_value")) === externalRoadValue &&
    textOf(envoyField(get(month, "metadata"), "descriptor_key")) === descriptorKeys.month
  );
}

function asksFirst(entry: Field): boolean {
  const addend = envoyField(entry, "hits_addend");
  return (
    envoyField(entry, "apply_on_stream_done").value === undefined &&
    isPlain(entry) &&
    get(addend, "number").value === 0
  );
}

function chargesAtEnd(entry: Field): boolean {
  const format = textOf(get(envoyField(entry, "hits_addend"), "format"));
  return (
    envoyField(entry, "apply_on_stream_done").value === true &&
    isPlain(entry) &&
    format !== undefined &&
    // An expression over what the request took, and no constant.
    format.includes("metadata")
  );
}

/** No stage, key to disable it by or limit of its own. */
function isPlain(entry: Field): boolean {
  const known = new Set(["actions", "hits_addend", "apply_on_stream_done"]);
  return (entries(entry) ?? []).every(([name]) => known.has(snakeCase(name)));
}

function asksOwnService(config: Field, document: Field, limits: ReadonlySet<string>): boolean {
  const service = envoyField(envoyField(config, "rate_limit_service"), "grpc_service");
  const name = textOf(envoyField(envoyField(service, "envoy_grpc"), "cluster_name"));
  const cluster = staticClusters(document).get(name ?? "");
  if (cluster === undefined || !isStatic(cluster)) return false;
  const addresses = addressesOf(cluster) ?? [];
  return addresses.length > 0 && addresses.every((address) => limits.has(address));
}
