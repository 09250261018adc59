import { groupOf, isKind } from "../../kubernetes/api-groups.ts";
import { type Engine, enginesOf } from "../../kubernetes/engine-settings.ts";
import {
  connectionManagers,
  envoyConfig,
  envoyField,
  extensionName,
  holding,
} from "../../kubernetes/envoy.ts";
import { staticClusters } from "../../kubernetes/envoy-clusters.ts";
import { isInsidePod } from "../../kubernetes/envoy-listeners.ts";
import { leadsOutAlone, showsOwnPages } from "../../kubernetes/envoy-routes.ts";
import { carriesPrompts, inInfrastructure } from "../../kubernetes/scope.ts";
import {
  elements,
  type Field,
  get,
  isEmpty,
  isUnreadable,
  rootField,
  textOf,
} from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const encryptedTransport: ResourceRule = {
  id: "A12",
  name: "encrypted-transport",
  level: "resource",
  description:
    "Clients reach the gateway by TLS alone, and the stack says what encrypts the way from the gateway to the engine.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.312(e)(2)(ii)"] },
  remedy: "serve TLS with a certificate from a Secret",
  check: (object, settings) => [
    ...enginesOf(object, settings).flatMap((engine) => checkEngine(object, engine, settings)),
    ...(inInfrastructure(object, settings)
      ? []
      : [
          ...checkListeners(object),
          ...checkIngress(object, settings),
          ...checkService(object, settings),
          ...checkEnvoy(object, settings),
        ]),
  ],
};

function checkListeners(object: KubeObject): readonly Violation[] {
  if (groupOf(object) !== "gateway.networking.k8s.io") return [];
  if (object.kind !== "Gateway" && object.kind !== "ListenerSet") return [];
  return elements(get(rootField(object.body), "spec", "listeners")).flatMap((listener) => {
    const protocol = get(listener, "protocol");
    if (isUnreadable(protocol)) return [unreadable(object, protocol)];
    if (protocol.value !== "HTTPS" && protocol.value !== "TLS") {
      return [violation(object, protocol, "is not HTTPS or TLS", "use protocol HTTPS")];
    }
    const tls = get(listener, "tls");
    const passes = protocol.value === "TLS" && get(tls, "mode").value === "Passthrough";
    const certificates = get(tls, "certificateRefs");
    if (passes || (!isEmpty(certificates) && !isUnreadable(certificates))) return [];
    return [violation(object, certificates, "names no certificate")];
  });
}

/** Where prompts pass: an Ingress of the gateway, or of an inference namespace. */
function checkIngress(object: KubeObject, settings: Settings): readonly Violation[] {
  if (!isKind(object, "Ingress") || !carriesPrompts(object, settings)) return [];
  const spec = get(rootField(object.body), "spec");
  const tls = get(spec, "tls");
  const entries = elements(tls).filter((each) => {
    const secret = get(each, "secretName");
    return !isUnreadable(secret) && !isEmpty(secret);
  });
  if (entries.length === 0) return [violation(object, tls, "names no Secret with a certificate")];
  const covered = new Set(entries.flatMap((each) => elements(get(each, "hosts")).map(textOf)));
  return elements(get(spec, "rules"))
    .map((rule) => ({ rule, host: get(rule, "host") }))
    .filter(({ host }) => !isCovered(host, covered))
    .map(({ rule, host }) =>
      violation(object, host.value === undefined ? rule : host, "is a host without TLS"),
    );
}

function isCovered(host: Field, covered: ReadonlySet<string | undefined>): boolean {
  const text = textOf(host);
  if (text === undefined || isUnreadable(host)) return false;
  return covered.has(text) || covered.has(text.replace(/^[^.]+/, "*"));
}

/** A Service that is open to the outside leads to a port that speaks TLS. */
function checkService(object: KubeObject, settings: Settings): readonly Violation[] {
  if (!isKind(object, "Service") || !carriesPrompts(object, settings)) return [];
  const spec = get(rootField(object.body), "spec");
  const type = get(spec, "type");
  if (isUnreadable(type)) return [unreadable(object, type)];
  const open = type.value === "LoadBalancer" || type.value === "NodePort";
  if (!open && isEmpty(get(spec, "externalIPs"))) return [];
  const remedy = "open a port with appProtocol https (or kubernetes.io/wss) that speaks TLS";
  return elements(get(spec, "ports"))
    .filter((port) => !speaksTls(port))
    .map((port) =>
      violation(object, port, "is open to the outside and says nothing of TLS", remedy),
    );
}

/** Nothing but its declaration tells what a port speaks. */
function speaksTls(port: Field): boolean {
  const protocol = textOf(get(port, "appProtocol"));
  if (protocol !== undefined) return /^(?:https|tls|kubernetes\.io\/wss)$/i.test(protocol);
  const name = textOf(get(port, "name")) ?? "";
  return /^(?:https|tls)(?:-|$)/.test(name) || (name === "" && get(port, "port").value === 443);
}

/** Each listener of an Envoy that clients can reach ends TLS itself. */
function checkEnvoy(object: KubeObject, settings: Settings): readonly Violation[] {
  return envoyConfig(object).documents.flatMap((document) => {
    const clusters = staticClusters(document);
    return holding(document, "filter_chains").flatMap((listener) => {
      if (isInsidePod(listener)) return [];
      const fallback = envoyField(listener, "default_filter_chain");
      return [
        ...elements(envoyField(listener, "filter_chains")),
        ...(fallback.value === undefined ? [] : [fallback]),
      ]
        .filter((chain) => !endsTls(chain) && !isForNobody(chain, clusters, settings))
        .map((chain) => violation(object, chain, "takes requests without TLS"));
    });
  });
}

function endsTls(chain: Field): boolean {
  return /Downstream(?:TlsContext|Transport)$|^envoy\.transport_sockets\.tls$/.test(
    extensionName(envoyField(chain, "transport_socket")),
  );
}

/**
 * A chain that carries no prompts of clients: pages of the proxy itself, or requests of the stack's own gateway
 * on their way out, where the network encrypts as it does on the way to the engine.
 */
function isForNobody(
  chain: Field,
  clusters: ReadonlyMap<string, Field>,
  settings: Settings,
): boolean {
  const managers = connectionManagers(chain);
  const others = elements(get(chain, "filters")).length - managers.length;
  if (managers.length === 0 || others !== 0) return false;
  const encrypted =
    settings.clusterKind === "local" || settings.policies.engineTransport === "network";
  return managers.every(
    (manager) =>
      showsOwnPages(manager, clusters) || (encrypted && leadsOutAlone(manager, clusters, settings)),
  );
}

function checkEngine(
  object: KubeObject,
  engine: Engine,
  { clusterKind, policies }: Settings,
): readonly Violation[] {
  const { container, line, profile } = engine;
  // On a local cluster containers are simulated, so nothing travels between nodes.
  if (line === undefined || profile === undefined || clusterKind === "local") return [];
  const ends = ["--ssl-certfile", "--ssl-keyfile"].every((flag) =>
    line.flags.some(({ name, values }) => name === flag && values.length > 0),
  );
  if (ends || policies.engineTransport === "network") return [];
  const problem =
    policies.engineTransport === "tls"
      ? "serves no TLS, though policies.engineTransport of the stack says so"
      : "serves plain HTTP, and the stack does not say what encrypts it on the way";
  const remedy =
    "set policies.engineTransport of the stack to network where the cluster's network encrypts between nodes, or start the engine with --ssl-certfile and --ssl-keyfile";
  return [violation(object, get(container.field, "args"), problem, remedy)];
}
