import { containsAddress, parseAddress, parseCidr } from "../../components/lib/cidr.ts";
import { elements, type Field, get, isEmpty, rootField, textOf } from "../model/field.ts";
import type { Graph } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { isKind } from "./api-groups.ts";
import { isEnginePath } from "./engine-path.ts";
import { connectionManagers, envoyField, extensionName } from "./envoy.ts";
import { addressesOf, isStatic, isWhole, staticClusters } from "./envoy-clusters.ts";

/** Addresses of a Service of the stack's own gateway, as the stack chose them. */
export function ownAddresses(
  graph: Graph,
  settings: Settings,
  service: string,
): ReadonlySet<string> {
  const { gatewayNamespace, network } = settings;
  const services = graph.objects.filter(
    (object) =>
      isKind(object, "Service") &&
      gatewayNamespace !== undefined &&
      object.namespace === gatewayNamespace &&
      object.name === service,
  );
  return new Set(
    services
      .map(({ body }) => textOf(get(rootField(body), "spec", "clusterIP")))
      .filter((address) => address !== undefined)
      .filter((address) => network !== undefined && isIn(network.serviceCidr, address)),
  );
}

function isIn(cidr: string, text: string): boolean {
  try {
    return containsAddress(parseCidr(cidr), parseAddress(text));
  } catch {
    return false;
  }
}

/**
 * Sources of routes and endpoints that are the stack's own controller, by path. Of routes only where the same
 * listener lets nothing but the known paths through, whatever a route says.
 */
export function ownSources(document: Field, controllers: ReadonlySet<string>): ReadonlySet<string> {
  if (!isWhole(document)) return new Set();
  const clusters = staticClusters(document);
  const routes = connectionManagers(document)
    .filter(hasPathList)
    .map((manager) => envoyField(envoyField(manager, "rds"), "config_source"));
  const endpoints = [...clusters.values()].map((cluster) =>
    envoyField(envoyField(cluster, "eds_cluster_config"), "eds_config"),
  );
  const own = [...routes, ...endpoints]
    .map((source) => envoyField(source, "api_config_source"))
    .filter(({ value }) => value !== undefined)
    .filter((source) => isController(source, clusters, controllers));
  return new Set(own.map(({ path }) => path));
}

function isController(
  source: Field,
  clusters: ReadonlyMap<string, Field>,
  controllers: ReadonlySet<string>,
): boolean {
  const [name, ...more] = elements(envoyField(source, "cluster_names"));
  if (name === undefined || more.length > 0) return false;
  if (!isEmpty(envoyField(source, "grpc_services"))) return false;
  const cluster = clusters.get(textOf(name) ?? "");
  if (cluster === undefined || !isStatic(cluster)) return false;
  const addresses = addressesOf(cluster);
  return (
    addresses !== undefined &&
    addresses.length > 0 &&
    addresses.every((address) => controllers.has(address))
  );
}

/** A list of paths that no route can widen, since routes come from elsewhere. */
export function hasPathList(manager: Field): boolean {
  return elements(envoyField(manager, "http_filters")).some(
    (filter) => get(filter, "disabled").value === undefined && isPathList(filter),
  );
}

function isPathList(filter: Field): boolean {
  if (!extensionName(filter).endsWith(".rbac.v3.RBAC")) return false;
  const config = envoyField(filter, "typed_config");
  const rules = get(config, "rules");
  const action = get(rules, "action").value;
  const policies = get(rules, "policies").value;
  if (action !== undefined && action !== "ALLOW") return false;
  if (typeof policies !== "object" || policies === null) return false;
  const permissions = Object.keys(policies).flatMap((name) =>
    elements(get(rules, "policies", name, "permissions")),
  );
  return permissions.length > 0 && permissions.every(isOfKnownPaths);
}

/** Whether a permission lets nothing but known paths pass; what is not read lets everything pass. */
function isOfKnownPaths(permission: Field): boolean {
  const all = elements(get(envoyField(permission, "and_rules"), "rules"));
  const some = elements(get(envoyField(permission, "or_rules"), "rules"));
  return (
    isEnginePath(get(envoyField(permission, "url_path"), "path", "exact")) ||
    all.some(isOfKnownPaths) ||
    (some.length > 0 && some.every(isOfKnownPaths))
  );
}
