import { elements, entries, type Field, get, isEmpty, textOf } from "../model/field.ts";
import { isArray, isObject } from "../model/value.ts";
import { objectsBelow } from "./config-texts.ts";
import { envoyField, extensionName, holding, routesOf } from "./envoy.ts";
import type { RouteFault } from "./route-fault.ts";

const authentication =
  /(?:jwt_authn|ext_authz|api_key_auth|basic_auth|oauth2|JwtAuthentication|ExtAuthz|ApiKeyAuth|BasicAuth|OAuth2)/;

/** A filter that a host or a route switches off asks nobody there. */
export function switchedOff(place: Field): readonly RouteFault[] {
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
export function authenticationFaults(manager: Field, document: Field): readonly RouteFault[] {
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
    "default_config",
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
