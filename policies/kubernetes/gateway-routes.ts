import { elements, type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Settings } from "../model/settings.ts";
import { unknown } from "../model/value.ts";
import { groupOf, isKind } from "./api-groups.ts";
import { isEnginePath } from "./engine-path.ts";
import type { RouteFault } from "./route-fault.ts";
import { isInferenceNamespace } from "./scope.ts";

/** Faults of a route of the Gateway API or of an Ingress that leads into an inference namespace. */
export function kubernetesRouteFaults(
  object: KubeObject,
  settings: Settings,
): readonly RouteFault[] {
  if (isKind(object, "Ingress")) return ingressFaults(object, settings);
  const kind = gatewayRoute(object);
  if (kind === undefined) return [];
  const rules = elements(get(rootField(object.body), "spec", "rules"));
  const inward = rules.filter((rule) => leadsInside(object, rule, settings));
  if (kind === "HTTPRoute") return inward.flatMap(httpFaults);
  return inward.map((field) => ({ field, problem: `is a ${kind}, which hands on every path` }));
}

/** Kinds of routes; `undefined` for anything else. */
export function gatewayRoute(object: KubeObject): string | undefined {
  const group = groupOf(object);
  const known =
    (group === "gateway.networking.k8s.io" &&
      /^(?:HTTP|GRPC|TCP|TLS|UDP)Route$/.test(object.kind)) ||
    (group === "aigateway.envoyproxy.io" && object.kind === "AIGatewayRoute");
  return known ? object.kind : undefined;
}

/** A backend of another kind than a Service stands for something that no rule resolves. */
export function leadsInside(object: KubeObject, rule: Field, settings: Settings): boolean {
  return elements(get(rule, "backendRefs")).some((backend) => {
    const namespace = get(backend, "namespace");
    if (isUnreadable(backend) || isUnreadable(namespace)) return true;
    const kind = textOf(get(backend, "kind")) ?? "Service";
    const name = namespace.value === undefined ? object.namespace : textOf(namespace);
    return kind !== "Service" || isInferenceNamespace(name ?? unknown, settings);
  });
}

function httpFaults(rule: Field): readonly RouteFault[] {
  const matches = elements(get(rule, "matches"));
  const paths = matches.map((match) => get(match, "path"));
  const open = matches.length === 0 ? [rule] : paths.filter((path) => !isExact(path));
  const changed = [...elements(get(rule, "filters")), ...backendFilters(rule)].filter(
    (filter) => textOf(get(filter, "type")) !== "RequestHeaderModifier",
  );
  return [
    ...open.map((field) => ({
      field,
      problem: "hands on more than one allowed path to an engine",
    })),
    ...changed
      .filter((filter) => textOf(get(filter, "type")) !== "ResponseHeaderModifier")
      .map((field) => ({ field, problem: "rewrites, copies or extends what it hands on" })),
  ];
}

function backendFilters(rule: Field): readonly Field[] {
  return elements(get(rule, "backendRefs")).flatMap((each) => elements(get(each, "filters")));
}

function isExact(path: Field): boolean {
  return get(path, "type").value === "Exact" && isEnginePath(get(path, "value"));
}

/** An Ingress leads to Services of its own namespace alone. */
function ingressFaults(object: KubeObject, settings: Settings): readonly RouteFault[] {
  if (!isInferenceNamespace(object.namespace, settings)) return [];
  const spec = get(rootField(object.body), "spec");
  const fallback = get(spec, "defaultBackend");
  const paths = elements(get(spec, "rules")).flatMap((rule) =>
    elements(get(rule, "http", "paths")),
  );
  const open = paths.filter(
    (path) => get(path, "pathType").value !== "Exact" || !isEnginePath(get(path, "path")),
  );
  return [...(fallback.value === undefined ? [] : [fallback]), ...open].map((field) => ({
    field,
    problem: "hands on more than one allowed path to an engine",
  }));
}
