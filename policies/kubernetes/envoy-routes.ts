import { enginePaths } from "../../components/lib/engine-paths.ts";
import {
  elements,
  entries,
  type Field,
  get,
  isEmpty,
  isUnreadable,
  textOf,
} from "../model/field.ts";
import { isArray, isObject } from "../model/value.ts";
import { objectsBelow, textsBelow } from "./config-texts.ts";
import { connectionManagers, envoyField, extensionName, holding, routesOf } from "./envoy.ts";

/** A place that opens more of an engine than it should, and why. */
export interface RouteFault {
  readonly field: Field;
  readonly problem: string;
}

const allowed: ReadonlySet<string> = new Set(enginePaths);

/** Whether a path is one that may be handed on to an engine. */
export function isEnginePath(field: Field): boolean {
  return allowed.has(textOf(field) ?? "");
}

/** Faults of the routes, the authentication and the keys of an Envoy document. */
export function envoyRouteFaults(document: Field): readonly RouteFault[] {
  return [
    ...routesOf(document).flatMap(({ host, route }) => [
      ...pathFaults(route),
      ...switchedOff(host),
      ...switchedOff(route),
    ]),
    ...connectionManagers(document).flatMap((manager) => authenticationFaults(manager, document)),
    ...keyFaults(document),
    ...hiddenRoutes(document),
    ...otherProtocols(document),
  ];
}

/** Routes in a form that is not read here, or from a server that no rule sees. */
function hiddenRoutes(document: Field): readonly RouteFault[] {
  const remote = ["ads", "ads_config", "api_config_source", "scoped_routes"].flatMap((name) =>
    holding(document, name).map((each) => envoyField(each, name)),
  );
  const matchers = holding(document, "virtual_hosts")
    .flatMap((each) => elements(envoyField(each, "virtual_hosts")))
    .map((host) => get(host, "matcher"))
    .filter(({ value }) => value !== undefined);
  return [
    ...remote.map((field) => ({ field, problem: "takes routes from where no rule sees them" })),
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

function pathFaults(route: Field): readonly RouteFault[] {
  const action = get(route, "route");
  if (action.value === undefined) return [];
  const match = get(route, "match");
  const path = get(match, "path");
  const rewrites = ["prefix_rewrite", "regex_rewrite", "path_rewrite_policy", "path_rewrite"]
    .map((name) => envoyField(action, name))
    .filter(({ value }) => value !== undefined)
    .map((field) => ({ field, problem: "rewrites the path on its way to the engine" }));
  if (isEnginePath(path)) return rewrites;
  const field = path.value === undefined ? match : path;
  return [
    ...rewrites,
    { field, problem: `matches more than one path of ${enginePaths.join(", ")}` },
  ];
}

const authentication =
  /(?:jwt_authn|ext_authz|api_key_auth|basic_auth|oauth2|JwtAuthentication|ExtAuthz|ApiKeyAuth|BasicAuth|OAuth2)/;

/** A filter that a host or a route switches off asks nobody there. */
function switchedOff(place: Field): readonly RouteFault[] {
  return (entries(envoyField(place, "typed_per_filter_config")) ?? [])
    .filter(([name, config]) =>
      authentication.test(`${name} ${textOf(get(config, "@type")) ?? ""}`),
    )
    .filter(([, config]) => isOff(config))
    .map(([, field]) => ({ field, problem: "switches the authentication of clients off" }));
}

function isOff(config: Field): boolean {
  return [...objectsBelow(config)].some((each) => get(each, "disabled").value === true);
}

/** What answers by itself needs to know nobody. */
function authenticationFaults(manager: Field, document: Field): readonly RouteFault[] {
  const inline = holding(manager, "virtual_hosts");
  const forwards =
    inline.length === 0 ||
    inline.flatMap(routesOf).some(({ route }) => get(route, "route").value !== undefined);
  if (!forwards) return [];
  const filters = elements(envoyField(manager, "http_filters"));
  const found = filters.filter((filter) => authentication.test(extensionName(filter)));
  if (found.length === 0 && !asksForCertificates(document)) {
    return [{ field: manager, problem: "hands requests on without asking who the client is" }];
  }
  return found.flatMap((filter) => [...lenience(filter), ...unaskedPaths(filter)]);
}

/** A filter for tokens asks on the paths of its rules alone. */
function unaskedPaths(filter: Field): readonly RouteFault[] {
  if (!/jwt_?authn/i.test(extensionName(filter))) return [];
  const config = envoyField(filter, "typed_config");
  const rules = elements(get(config, "rules"));
  const lax = rules.filter(
    (rule) =>
      isEmpty(get(rule, "requires")) && envoyField(rule, "requirement_name").value === undefined,
  );
  const whole = rules.some((rule) => get(rule, "match", "prefix").value === "/");
  return [
    ...lax.map((field) => ({ field, problem: "asks for no token on these paths" })),
    ...(whole
      ? []
      : [{ field: get(config, "rules"), problem: "asks for no token on other paths" }]),
  ];
}

/** Client certificates are an answer to the question as well, if every listener asks for one. */
function asksForCertificates(document: Field): boolean {
  const chains = holding(document, "filter_chains").flatMap((each) =>
    elements(envoyField(each, "filter_chains")),
  );
  return (
    chains.length > 0 &&
    chains.every((chain) =>
      holding(chain, "require_client_certificate").some(
        (each) => envoyField(each, "require_client_certificate").value === true,
      ),
    )
  );
}

/** Settings under which a filter lets pass whom it does not know. */
function lenience(filter: Field): readonly RouteFault[] {
  const names = [
    "allow_missing",
    "allow_missing_or_failed",
    "disabled",
    "failure_mode_allow",
    "filter_enabled",
    "pass_through_matcher",
  ];
  return names.flatMap((name) =>
    holding(filter, name)
      .map((each) => envoyField(each, name))
      .filter(({ value }) => value === true || isObject(value) || isArray(value))
      .map((field) => ({ field, problem: "lets pass whoever shows no key" })),
  );
}

/** Keys that stand in the document itself instead of a file of a Secret. */
function keyFaults(document: Field): readonly RouteFault[] {
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
