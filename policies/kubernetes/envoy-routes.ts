import { enginePaths } from "../../components/lib/engine-paths.ts";
import { elements, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { Settings } from "../model/settings.ts";
import { objectsBelow, textsBelow } from "./config-texts.ts";
import { isEnginePath } from "./engine-path.ts";
import { connectionManagers, envoyField, extensionName, holding, routesOf } from "./envoy.ts";
import { authenticationFaults, switchedOff } from "./envoy-authentication.ts";
import { isOwnProcess, outsideHost, staticClusters, targetsOf } from "./envoy-clusters.ts";
import { isInsidePod, isInternal, listenerOf } from "./envoy-listeners.ts";
import { ownSources } from "./envoy-remote-routes.ts";
import type { RouteFault } from "./route-fault.ts";

/** What a document is judged by, beside itself. */
export interface RouteContext {
  readonly settings: Settings;
  /** Addresses of the stack's own route controller. */
  readonly controllers: ReadonlySet<string>;
}

/** Faults of the routes, the authentication and the keys of an Envoy document. */
export function envoyRouteFaults(document: Field, context: RouteContext): readonly RouteFault[] {
  const clusters = staticClusters(document);
  return [
    ...routesOf(document).flatMap(({ host, route }) => [
      ...pathFaults(route, document, clusters, context.settings),
      ...switchedOff(host),
      ...switchedOff(route),
    ]),
    ...connectionManagers(document)
      .filter((manager) => !isForItself(manager, document, clusters))
      .flatMap((manager) => authenticationFaults(manager, document)),
    ...hiddenRoutes(document, context.controllers),
    ...otherProtocols(document),
  ];
}

/** Routes in a form that is not read here, or from a server that no rule sees. */
function hiddenRoutes(document: Field, controllers: ReadonlySet<string>): readonly RouteFault[] {
  const own = ownSources(document, controllers);
  const remote = ["ads", "ads_config", "api_config_source", "scoped_routes"].flatMap((name) =>
    holding(document, name).map((each) => envoyField(each, name)),
  );
  const matchers = holding(document, "virtual_hosts")
    .flatMap((each) => elements(envoyField(each, "virtual_hosts")))
    .map((host) => get(host, "matcher"))
    .filter(({ value }) => value !== undefined);
  return [
    ...remote
      .filter(({ path }) => !own.has(path))
      .map((field) => ({ field, problem: "takes routes from where no rule sees them" })),
    ...matchers.map((field) => ({ field, problem: "is a tree of matchers, which no rule reads" })),
  ];
}

/** Filters that pass bytes on without looking at paths. */
function otherProtocols(document: Field): readonly RouteFault[] {
  return holding(document, "filter_chains")
    .flatMap((each) => elements(envoyField(each, "filter_chains")))
    .flatMap((chain) => elements(get(chain, "filters")))
    .filter((filter) => /proxy/i.test(extensionName(filter)))
    .map((field) => ({ field, problem: "passes on whatever a client sends" }));
}

function pathFaults(
  route: Field,
  document: Field,
  clusters: ReadonlyMap<string, Field>,
  settings: Settings,
): readonly RouteFault[] {
  const action = get(route, "route");
  if (action.value === undefined || isOwnPage(route, clusters)) return [];
  const match = get(route, "match");
  const path = get(match, "path");
  const rewrites = leadsOut(action, clusters, settings)
    ? []
    : rewritesOf(action).map((field) => ({
        field,
        problem: "rewrites the path on its way to the engine",
      }));
  const listener = listenerOf(route, document);
  if (isEnginePath(path) || (listener !== undefined && isInternal(listener))) return rewrites;
  const field = path.value === undefined ? match : path;
  return [
    ...rewrites,
    { field, problem: `matches more than one path of ${enginePaths.join(", ")}` },
  ];
}

function rewritesOf(action: Field): readonly Field[] {
  return ["prefix_rewrite", "regex_rewrite", "path_rewrite_policy", "path_rewrite"]
    .map((name) => envoyField(action, name))
    .filter(({ value }) => value !== undefined);
}

/** A route to hosts outside and to no engine, where paths have other names. */
function leadsOut(
  action: Field,
  clusters: ReadonlyMap<string, Field>,
  settings: Settings,
): boolean {
  const targets = targetsOf(action) ?? [];
  return (
    targets.length > 0 &&
    targets.every((name) => outsideHost(clusters.get(name), settings) !== undefined)
  );
}

/** Pages of the proxy's own admin interface that change nothing and tell nothing of requests. */
const ownPages: ReadonlySet<string> = new Set(["/ready", "/stats/prometheus"]);

function isOwnPage(route: Field, clusters: ReadonlyMap<string, Field>): boolean {
  const action = get(route, "route");
  const targets = targetsOf(action) ?? [];
  return (
    ownPages.has(textOf(get(route, "match", "path")) ?? "") &&
    rewritesOf(action).length === 0 &&
    targets.length > 0 &&
    targets.every((name) => isOwnProcess(clusters.get(name)))
  );
}

/**
 * A listener that nobody outside the pod reaches, or one that only shows such pages. Whoever hands requests on
 * to anything else has to ask.
 */
export function isForItself(
  manager: Field,
  document: Field,
  clusters: ReadonlyMap<string, Field>,
): boolean {
  const listener = listenerOf(manager, document);
  return (listener !== undefined && isInsidePod(listener)) || showsOwnPages(manager, clusters);
}

/** Whether all that a connection manager hands on are pages of the proxy itself. */
export function showsOwnPages(manager: Field, clusters: ReadonlyMap<string, Field>): boolean {
  return everyForwarding(manager, (route) => isOwnPage(route, clusters));
}

/** Whether all that a connection manager hands on goes to hosts outside. */
export function leadsOutAlone(
  manager: Field,
  clusters: ReadonlyMap<string, Field>,
  settings: Settings,
): boolean {
  return everyForwarding(manager, (route) => leadsOut(get(route, "route"), clusters, settings));
}

function everyForwarding(manager: Field, holds: (route: Field) => boolean): boolean {
  const forwarding = holding(manager, "virtual_hosts")
    .flatMap(routesOf)
    .filter(({ route }) => get(route, "route").value !== undefined);
  return forwarding.length > 0 && forwarding.every(({ route }) => holds(route));
}

/** Keys that stand in the document itself; in one that a Secret holds they are where they belong. */
export function keyFaults(document: Field): readonly RouteFault[] {
  const credentials = holding(document, "credentials")
    .flatMap((each) => elements(get(each, "credentials")))
    .map((each) => get(each, "key"));
  const inline = holding(document, "generic_secret")
    .flatMap((each) => [...objectsBelow(envoyField(each, "generic_secret"))])
    .flatMap((each) => [envoyField(each, "inline_string"), envoyField(each, "inline_bytes")]);
  const headers = [...textsBelow(document)].filter((field) =>
    /^(?:Bearer|Basic)\s+(?!%)\S{8,}/.test(textOf(field) ?? ""),
  );
  return [...credentials, ...inline, ...headers]
    .filter((field) => field.value !== undefined && !isUnreadable(field))
    .map((field) => ({ field, problem: "is a key in plain configuration" }));
}
