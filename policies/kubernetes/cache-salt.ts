import { elements, type Field, get, rootField, textOf } from "../model/field.ts";
import type { Graph } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { groupOf } from "./api-groups.ts";
import { textsBelow } from "./config-texts.ts";
import { connectionManagers, envoyConfig, envoyField, extensionName, holding } from "./envoy.ts";
import { staticClusters } from "./envoy-clusters.ts";
import { isForItself } from "./envoy-routes.ts";

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
    .flatMap((document) => {
      const clusters = staticClusters(document);
      // Of its own checks of health, and of its pages, no tenant learns anything.
      return connectionManagers(document).filter(
        (manager) => !isForItself(manager, document, clusters),
      );
    })
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
    (filter) => scriptSalts(filter) || transformSalts(filter),
  );
}

function scriptSalts(filter: Field): boolean {
  return (
    /lua/i.test(extensionName(filter)) &&
    [...textsBelow(filter)].some((field) => assignment.test(textOf(field) ?? ""))
  );
}

/** A fact about the request, such as its team; a salt that is the same for all keeps nobody apart. */
const factOfRequest = /^%(?:DYNAMIC_METADATA|FILTER_STATE|REQ)\([^()]+\)%$/;

/** One that puts the salt into the body of every request and leaves the rest. */
function transformSalts(filter: Field): boolean {
  if (!extensionName(filter).endsWith(".transform.v3.TransformConfig")) return false;
  if (get(filter, "disabled").value !== undefined) return false;
  const request = envoyField(envoyField(filter, "typed_config"), "request_transformation");
  const body = envoyField(request, "body_transformation");
  const salt = get(envoyField(envoyField(body, "body_format"), "json_format"), "cache_salt");
  return textOf(get(body, "action")) === "MERGE" && factOfRequest.test(textOf(salt) ?? "");
}

function backendSalts(backend: Field): boolean {
  return elements(get(backend, "bodyMutation", "set")).some(
    (change) =>
      textOf(get(change, "path")) === "cache_salt" && (textOf(get(change, "value")) ?? "") !== "",
  );
}
