import { isOfPodsOrServices } from "../../kubernetes/addresses.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import {
  backendRefs,
  ingressBackends,
  isExposingAnnotation,
  isForeignProxy,
  isIngress,
  isListener,
  isReferenceGrant,
  isRoute,
  namespacesNamed,
} from "../../kubernetes/routes.ts";
import { inInference, isInferenceNamespace } from "../../kubernetes/scope.ts";
import { type Aliases, serviceAliases } from "../../kubernetes/service-aliases.ts";
import {
  elements,
  entries,
  type Field,
  get,
  isUnreadable,
  rootField,
  textOf,
} from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unknown } from "../../model/value.ts";
import { unreadable, violation } from "../../model/violation.ts";

/** What the checks need beside the object: the settings, and the Services elsewhere that lead inside. */
interface Context {
  readonly settings: Settings;
  readonly aliases: Aliases;
  /** Services that choose their pods by labels, as `namespace/name`. */
  readonly selecting: ReadonlySet<string>;
}

export const noDirectExposure: StackRule = {
  id: "E14",
  name: "no-direct-exposure",
  level: "stack",
  description:
    "Nothing outside the cluster reaches an inference namespace but through the gateway: no load balancer, node port, external address, Ingress or route of another gateway.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.312(a)(1)"] },
  remedy: "remove it, and let clients come through the gateway",
  check: (graph, settings) => {
    const context = {
      settings,
      aliases: serviceAliases(graph.objects, settings),
      selecting: selectingServices(graph.objects),
    };
    return graph.objects.flatMap((object) =>
      inInference(object, settings) ? checkInside(object, context) : checkOutside(object, context),
    );
  },
};

/** Objects of an inference namespace. */
function checkInside(object: KubeObject, context: Context): readonly Violation[] {
  const root = rootField(object.body);
  if (isKind(object, "Service")) return checkService(object);
  if (isIngress(object)) {
    return [
      violation(object, get(root, "spec"), "lets an ingress controller reach a model directly"),
    ];
  }
  if (isListener(object)) {
    return [violation(object, get(root, "spec"), "opens a gateway beside a model")];
  }
  if (isReferenceGrant(object)) return checkGrant(object, context.settings);
  return isRoute(object) ? checkRoute(object, context) : [];
}

function checkService(service: KubeObject): readonly Violation[] {
  const root = rootField(service.body);
  const type = get(root, "spec", "type");
  const annotations = get(root, "metadata", "annotations");
  const keys = entries(annotations);
  return [
    ...checkType(service, type),
    ...elements(get(root, "spec", "externalIPs")).map((address) =>
      isUnreadable(address)
        ? unreadable(service, address)
        : violation(service, address, "takes traffic for an address outside the cluster"),
    ),
    ...(keys === undefined ? [unreadable(service, annotations)] : []),
    ...(keys ?? [])
      .filter(([key]) => isExposingAnnotation(key))
      .map(([key, value]) => violation(service, value, `"${key}" opens a way in from outside`)),
  ];
}

/** ExternalName leads out, not in; another rule looks after it. */
function checkType(service: KubeObject, type: Field): readonly Violation[] {
  if (isUnreadable(type)) return [unreadable(service, type)];
  if (type.value === undefined || type.value === "ClusterIP" || type.value === "ExternalName")
    return [];
  const shown = textOf(type) ?? "another type";
  return [
    violation(
      service,
      type,
      `"${shown}" exposes a model outside the cluster`,
      'set type: "ClusterIP"',
    ),
  ];
}

/** A grant lets routes of another namespace lead here. */
function checkGrant(grant: KubeObject, settings: Settings): readonly Violation[] {
  return elements(get(rootField(grant.body), "spec", "from")).flatMap((from) => {
    const namespace = get(from, "namespace");
    if (isUnreadable(namespace)) return [unreadable(grant, namespace)];
    if (isGateway(textOf(namespace), settings)) return [];
    const problem = "lets routes of a namespace lead here that is not the gateway's";
    return [violation(grant, namespace, problem, "grant it to the gateway's namespace alone")];
  });
}

function isGateway(namespace: string | undefined, settings: Settings): boolean {
  return namespace !== undefined && namespace === settings.gatewayNamespace;
}

/** Objects of every other namespace, as far as they lead into an inference namespace. */
function checkOutside(object: KubeObject, context: Context): readonly Violation[] {
  if (isRoute(object)) return checkRoute(object, context);
  if (isIngress(object)) return checkIngress(object, context);
  if (isKind(object, "Endpoints") || isKind(object, "EndpointSlice")) {
    return isKept(object, context) ? [] : checkEndpoints(object, context.settings);
  }
  const { gatewayNamespace } = context.settings;
  if (!isForeignProxy(object) || object.namespace === gatewayNamespace) return [];
  return checkProxy(object, context.settings);
}

function checkIngress(ingress: KubeObject, { aliases }: Context): readonly Violation[] {
  return ingressBackends(ingress).flatMap((name) => {
    if (isUnreadable(name)) return [unreadable(ingress, name)];
    if (!aliases.has(`${String(ingress.namespace)}/${textOf(name) ?? ""}`)) return [];
    return [violation(ingress, name, "leads into an inference namespace by another name")];
  });
}

/** A route may lead to a model only where every gateway that serves it is the one of the stack. */
function checkRoute(route: KubeObject, context: Context): readonly Violation[] {
  const inward = backendRefs(route).filter((ref) => leadsInside(route, ref, context));
  if (inward.length === 0 && !inInference(route, context.settings)) return [];
  const hidden = inward.filter((ref) => isUnreadable(ref) || isUnreadable(get(ref, "namespace")));
  if (hidden.length > 0) return hidden.map((field) => unreadable(route, field));
  const parents = get(rootField(route.body), "spec", "parentRefs");
  const served = elements(parents);
  if (served.length === 0) {
    return [violation(route, parents, "names no gateway, so any controller may serve the route")];
  }
  return served
    .filter((parent) => !isOwnGateway(route, parent, context.settings))
    .map((parent) =>
      isUnreadable(parent)
        ? unreadable(route, parent)
        : violation(route, parent, "lets a gateway outside the gateway's namespace reach a model"),
    );
}

function isOwnGateway(route: KubeObject, parent: Field, settings: Settings): boolean {
  const kind = get(parent, "kind").value ?? "Gateway";
  const namespace = get(parent, "namespace").value ?? route.namespace;
  return kind === "Gateway" && typeof namespace === "string" && isGateway(namespace, settings);
}

function leadsInside(route: KubeObject, ref: Field, { settings, aliases }: Context): boolean {
  const namespace = get(ref, "namespace");
  if (isUnreadable(ref) || isUnreadable(namespace)) return true;
  const place = namespace.value ?? route.namespace;
  if (typeof place !== "string" || isInferenceNamespace(place, settings)) return true;
  return aliases.has(`${place}/${textOf(get(ref, "name")) ?? ""}`);
}

function selectingServices(objects: readonly KubeObject[]): ReadonlySet<string> {
  const services = objects.filter((object) => isKind(object, "Service"));
  return new Set(
    services
      .filter(({ body }) => {
        const selector = get(rootField(body), "spec", "selector");
        return (entries(selector) ?? []).length > 0;
      })
      .map(({ namespace, name }) => `${String(namespace)}/${String(name)}`),
  );
}

/**
 * What Kubernetes keeps for a Service with a selector, thus pods of the Service's own namespace. Whatever anybody
 * else writes there, its controllers overwrite; a slice under another manager's name they leave alone.
 */
function isKept(object: KubeObject, { selecting }: Context): boolean {
  if (isKind(object, "Endpoints")) {
    return selecting.has(`${String(object.namespace)}/${String(object.name)}`);
  }
  const labels = get(rootField(object.body), "metadata", "labels");
  const service = textOf(get(labels, "kubernetes.io/service-name"));
  const manager = textOf(get(labels, "endpointslice.kubernetes.io/managed-by"));
  return (
    manager === "endpointslice-controller.k8s.io" &&
    service !== undefined &&
    selecting.has(`${String(object.namespace)}/${service}`)
  );
}

/** Addresses written by hand can make any Service of another namespace lead to a model. */
function checkEndpoints(object: KubeObject, settings: Settings): readonly Violation[] {
  const root = rootField(object.body);
  const written = [
    ...elements(get(root, "endpoints")).flatMap((endpoint) => [
      get(endpoint, "targetRef", "namespace"),
      ...elements(get(endpoint, "addresses")),
    ]),
    ...elements(get(root, "subsets")).flatMap((subset) =>
      [
        ...elements(get(subset, "addresses")),
        ...elements(get(subset, "notReadyAddresses")),
      ].flatMap((address) => [get(address, "targetRef", "namespace"), get(address, "ip")]),
    ),
  ];
  return written.flatMap((field) => {
    if (isUnreadable(field)) return [unreadable(object, field)];
    const text = textOf(field);
    if (text === undefined) return [];
    const namespace = field.path.endsWith(".namespace") && isInferenceNamespace(text, settings);
    if (!namespace && !isOfPodsOrServices(text, settings)) return [];
    return [
      violation(object, field, `"${text}" makes a Service lead to pods that it does not select`),
    ];
  });
}

function checkProxy(object: KubeObject, settings: Settings): readonly Violation[] {
  return namespacesNamed(get(rootField(object.body), "spec"))
    .filter(({ namespace }) => isInferenceNamespace(namespace, settings))
    .map(({ place, namespace }) =>
      namespace === unknown
        ? unreadable(object, place)
        : violation(
            object,
            place,
            `leads to the inference namespace "${namespace}" past the gateway`,
          ),
    );
}
