import { routeController } from "../../../components/gateway/names.ts";
import { groupOf, isKind } from "../../kubernetes/api-groups.ts";
import { type Engine, enginesOf } from "../../kubernetes/engine-settings.ts";
import { unjudged } from "../../kubernetes/engine-topics.ts";
import { mayProvide } from "../../kubernetes/environment.ts";
import { envoyConfig } from "../../kubernetes/envoy.ts";
import { ownAddresses } from "../../kubernetes/envoy-remote-routes.ts";
import { envoyRouteFaults, keyFaults, type RouteContext } from "../../kubernetes/envoy-routes.ts";
import {
  gatewayRoute,
  kubernetesRouteFaults,
  leadsInside,
} from "../../kubernetes/gateway-routes.ts";
import { otherProxies } from "../../kubernetes/other-proxies.ts";
import { inInfrastructure } from "../../kubernetes/scope.ts";
import { elements, type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const guardedEndpoints: StackRule = {
  id: "A11",
  name: "guarded-endpoints",
  level: "stack",
  description:
    "Of an engine's paths only those for prompts and the list of models are handed on, to clients that the gateway knows; every key comes from a Secret.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { gdpr: ["32"], hipaa: ["164.312(d)"] },
  remedy:
    "match each allowed path exactly, put a filter that authenticates clients before it, and take keys from Secrets",
  check: (graph, settings) => {
    const guarded = guardedTargets(graph);
    const context = { settings, controllers: ownAddresses(graph, settings, routeController) };
    return graph.objects.flatMap((object) => [
      ...enginesOf(object, settings).flatMap((engine) => checkKey(object, engine)),
      ...checkRoutes(object, context),
      ...checkAuthentication(object, settings, guarded),
    ]);
  },
};

/** The key guards part of the engine's paths only; it is the second door, and must not stand open. */
function checkKey(object: KubeObject, engine: Engine): readonly Violation[] {
  if (engine.line === undefined) return [];
  return [
    ...unjudged(object, engine),
    ...checkKeyVariable(object, engine),
    ...engine.line.flags
      .filter(({ facts }) => facts?.topic === "key")
      .filter(
        ({ values }) =>
          values.length === 0 || !values.every((value) => isFromSecret(engine, value)),
      )
      .map(({ name, word }) =>
        violation(
          object,
          word,
          `holds ${name} with a key that does not come from a Secret`,
          "take the key from a Secret by valueFrom.secretKeyRef in env",
        ),
      ),
  ];
}

function checkKeyVariable(object: KubeObject, engine: Engine): readonly Violation[] {
  const { environment, profile } = engine;
  const name = profile?.keyVariable;
  if (name === undefined) return [];
  const remedy = `set ${name} by valueFrom.secretKeyRef`;
  const entry = environment.variables.get(name);
  if (entry !== undefined) {
    if (isSecretKey(entry)) return [];
    return [violation(object, entry, `sets ${name} from something else than a Secret`, remedy)];
  }
  const source = environment.sources.find((each) => mayProvide(each, name));
  const field = source ?? { path: environment.path, value: undefined };
  return [
    violation(object, field, `lacks ${name}, so anybody who reaches the engine may use it`, remedy),
  ];
}

function isSecretKey(entry: Field): boolean {
  const reference = get(entry, "valueFrom", "secretKeyRef");
  return [get(reference, "name"), get(reference, "key")].every(
    (field) => typeof field.value === "string" && !isUnreadable(field) && field.value !== "",
  );
}

/** `$(NAME)`, where a Secret gives the variable. */
function isFromSecret(engine: Engine, value: Field): boolean {
  const word = wordAt(engine, value.path);
  const name = /\$\(([\w.-]+)\)$/.exec(word ?? "")?.[1];
  if (name === undefined || !/(?:^|=)\$\([\w.-]+\)$/.test(word ?? "")) return false;
  const entry = engine.environment.variables.get(name);
  return entry !== undefined && isSecretKey(entry);
}

/** The word as it was written: a value that is filled in later reads as unknown. */
function wordAt(engine: Engine, path: string): string | undefined {
  const container = engine.container.field;
  const words = [...elements(get(container, "command")), ...elements(get(container, "args"))];
  const word = words.find((each) => each.path === path);
  return word === undefined ? undefined : textOf(word);
}

function checkRoutes(object: KubeObject, context: RouteContext): readonly Violation[] {
  const { settings } = context;
  if (inInfrastructure(object, settings)) return [];
  const { documents, unread } = envoyConfig(object);
  return [
    ...kubernetesRouteFaults(object, settings),
    ...documents.flatMap((document) => envoyRouteFaults(document, context)),
    ...(isKind(object, "Secret") ? [] : documents.flatMap(keyFaults)),
    ...patches(object),
    ...otherProxies(object, settings).map(({ field, name }) => ({
      field,
      problem: `is a configuration of ${name}, whose routes the rules cannot judge`,
    })),
    ...unread.map((field) => ({
      field,
      problem: "is a proxy's configuration that cannot be read",
    })),
  ].map(({ field, problem }) =>
    isUnreadable(field) ? unreadable(object, field) : violation(object, field, problem),
  );
}

/** Custom resources that change a proxy's configuration after all others, in a form of the proxy's own. */
const patchKinds: ReadonlySet<string> = new Set([
  "gateway.envoyproxy.io/EnvoyPatchPolicy",
  "networking.istio.io/EnvoyFilter",
]);

function patches(object: KubeObject) {
  if (!patchKinds.has(`${groupOf(object)}/${object.kind}`)) return [];
  const field: Field = { path: "kind", value: object.kind };
  return [{ field, problem: `"${object.kind}" can add routes that no rule reads` }];
}

/** What a SecurityPolicy of Envoy Gateway guards, as `namespace/Kind/name`. */
function guardedTargets(graph: Graph): ReadonlySet<string> {
  const found = graph.objects
    .filter(
      (object) => `${groupOf(object)}/${object.kind}` === "gateway.envoyproxy.io/SecurityPolicy",
    )
    .filter((object) => authenticates(get(rootField(object.body), "spec")))
    .flatMap((object) => {
      const spec = get(rootField(object.body), "spec");
      return [get(spec, "targetRef"), ...elements(get(spec, "targetRefs"))].map((target) =>
        key(String(object.namespace), target),
      );
    });
  return new Set(found);
}

function authenticates(spec: Field): boolean {
  return (
    ["apiKeyAuth", "basicAuth", "extAuth", "jwt", "oidc"].some(
      (name) => get(spec, name).value !== undefined && !isUnreadable(get(spec, name)),
    ) &&
    ![get(spec, "extAuth", "failOpen"), get(spec, "jwt", "optional")].some(
      ({ value }) => value !== undefined && value !== false,
    )
  );
}

function key(namespace: string, target: Field): string {
  return `${namespace}/${textOf(get(target, "kind")) ?? "Gateway"}/${textOf(get(target, "name")) ?? ""}`;
}

/** A route into an inference namespace must be guarded itself, or by every gateway that it hangs on. */
function checkAuthentication(
  object: KubeObject,
  settings: Settings,
  guarded: ReadonlySet<string>,
): readonly Violation[] {
  if (gatewayRoute(object) === undefined) return [];
  const spec = get(rootField(object.body), "spec");
  const inward = elements(get(spec, "rules")).some((rule) => leadsInside(object, rule, settings));
  if (!inward) return [];
  const namespace = String(object.namespace);
  if (guarded.has(`${namespace}/${object.kind}/${String(object.name)}`)) return [];
  const parents = elements(get(spec, "parentRefs"));
  const all = parents.every((parent) =>
    guarded.has(key(textOf(get(parent, "namespace")) ?? namespace, parent)),
  );
  if (parents.length > 0 && all) return [];
  const problem = "leads to an engine, and no SecurityPolicy asks who the client is";
  return [violation(object, get(spec, "parentRefs"), problem)];
}
