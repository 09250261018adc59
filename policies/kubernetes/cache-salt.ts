import { elements, type Field, get, rootField, textOf } from "../model/field.ts";
import type { Graph } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { groupOf } from "./api-groups.ts";
import { textsBelow } from "./config-texts.ts";
import { connectionManagers, envoyConfig, envoyField, extensionName, holding } from "./envoy.ts";

/** A script that writes the field, whatever the client sent in it. */
const assignment = /(?:\.cache_salt|\[\s*["']cache_salt["']\s*\])\s*=[^=]/;

/**
 * Whether the gateway declares that it puts a `cache_salt` into each request that it hands on: every
 * proxy configuration and every route of its namespace does, and there is at least one. That the salt
 * differs by tenant is for a test of the traffic to show.
 */
export function gatewaySalts(graph: Graph, settings: Settings): boolean {
  const { gatewayNamespace } = settings;
  if (gatewayNamespace === undefined) return false;
  const inside = graph.objects.filter(({ namespace }) => namespace === gatewayNamespace);
  const managers = inside
    .flatMap((object) => envoyConfig(object).documents)
    .flatMap(connectionManagers)
    .filter((manager) => holding(manager, "cluster").length > 0 || hasRoutesElsewhere(manager));
  const backends = inside
    .filter(
      (object) => `${groupOf(object)}/${object.kind}` === "aigateway.envoyproxy.io/AIGatewayRoute",
    )
    .flatMap((object) => elements(get(rootField(object.body), "spec", "rules")))
    .flatMap((rule) => elements(get(rule, "backendRefs")));
  const salted = [...managers.map(managerSalts), ...backends.map(backendSalts)];
  return salted.length > 0 && salted.every((each) => each);
}

function hasRoutesElsewhere(manager: Field): boolean {
  return envoyField(manager, "rds").value !== undefined;
}

function managerSalts(manager: Field): boolean {
  return elements(envoyField(manager, "http_filters")).some(
    (filter) =>
      /lua/i.test(extensionName(filter)) &&
      [...textsBelow(filter)].some((field) => assignment.test(textOf(field) ?? "")),
  );
}

function backendSalts(backend: Field): boolean {
  return elements(get(backend, "bodyMutation", "set")).some(
    (change) =>
      textOf(get(change, "path")) === "cache_salt" && (textOf(get(change, "value")) ?? "") !== "",
  );
}
