import { isKind } from "../../kubernetes/api-groups.ts";
import { configData } from "../../kubernetes/config-data.ts";
import { commandLine } from "../../kubernetes/engine.ts";
import { environmentOf, mayProvide } from "../../kubernetes/environment.ts";
import { type Inside, insideOf } from "../../kubernetes/hosts.ts";
import { checkAmbient, checkMeshFile, checkMeshObject } from "../../kubernetes/mesh.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { relayOpenings } from "../../kubernetes/relay-files.ts";
import { proxyArgument, relayCommand, relayImage } from "../../kubernetes/relay-programs.ts";
import { isInferenceNamespace } from "../../kubernetes/scope.ts";
import { type Field, get, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

const relayRemedy =
  "remove the relay, or declare the workload in policies.trustedRelays with its reason";

/** Each is read by some library, in one case or the other. */
const proxyVariable = /^(?:https?|all|ftp|grpc|socks)_proxy$/i;
const proxyVariables = ["HTTP_PROXY", "https_proxy"];

export const noOpenRelay: StackRule = {
  id: "E19",
  name: "no-open-relay",
  level: "stack",
  description:
    "Nothing in the cluster sends on to where its caller says: no forward proxy, tunnel, proxy variable or open mesh.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { gdpr: ["32"] },
  remedy: relayRemedy,
  check: (graph, settings) => {
    const inside = insideOf(graph, settings);
    return graph.objects.flatMap((object) => checkObject(object, inside, settings));
  },
};

function checkObject(object: KubeObject, inside: Inside, settings: Settings): readonly Violation[] {
  return [
    ...checkMeshObject(object, inside),
    ...checkFiles(object),
    ...checkPods(object, settings),
    ...checkLabels(object, settings),
  ];
}

/** Files whose very name says that they steer a proxy: unread, they may open anything. */
const steeringFile =
  /^(?:mesh|(?:envoy|bootstrap|gateway|nginx|haproxy|squid|proxy|Caddyfile)[\w.-]*)$/i;

function checkFiles(object: KubeObject): readonly Violation[] {
  const { texts, hidden } = configData(object);
  return [
    ...hidden
      .filter(({ key }) => steeringFile.test(key))
      .map(({ field }) => unreadable(object, field)),
    ...texts.flatMap((file) => [
      ...checkMeshFile(file),
      ...relayOpenings(file.text).map((problem) => violation(object, file.field, problem)),
    ]),
  ];
}

/** The gateway and the models; callers reach no further than these. */
function isOfConcern(object: KubeObject, settings: Settings): boolean {
  const name = isKind(object, "Namespace") ? object.name : object.namespace;
  return name === settings.gatewayNamespace || isInferenceNamespace(name, settings);
}

function checkPods(object: KubeObject, settings: Settings): readonly Violation[] {
  const template = podTemplate(object);
  if (template === undefined || isTrusted(object, settings)) return [];
  const walled = isOfConcern(object, settings);
  return containersOf(template).flatMap(({ field }) => [
    ...checkProgram(object, field),
    ...(walled ? checkProxies(object, field) : []),
  ]);
}

/** A relay that the stack declares; what it may reach is judged elsewhere. */
function isTrusted(object: KubeObject, { policies }: Settings): boolean {
  return policies.trustedRelays.some(
    ({ namespace, name }) => namespace === object.namespace && name === object.name,
  );
}

function checkProgram(object: KubeObject, container: Field): readonly Violation[] {
  const image = relayImage(container);
  const command = relayCommand(container);
  return [
    ...(image === undefined
      ? []
      : [violation(object, image.field, `is "${image.name}", which relays connections`)]),
    ...(command === undefined
      ? []
      : [violation(object, container, `starts "${command}", which relays connections`)]),
    // A proxy may be given its whole file as an argument.
    ...commandLine(container).flatMap((word) =>
      relayOpenings(word ?? "").map((problem) => violation(object, container, problem)),
    ),
  ];
}

function checkProxies(object: KubeObject, container: Field): readonly Violation[] {
  const environment = environmentOf(container);
  const argument = proxyArgument(container);
  return [
    ...environment.undecided.map((field) => unreadable(object, field)),
    ...[...environment.variables]
      .filter(([name, entry]) => proxyVariable.test(name) && get(entry, "value").value !== "")
      .map(([name, entry]) => violation(object, entry, `sets ${name}`, `remove ${name}`)),
    ...environment.sources
      .filter((source) => proxyVariables.some((name) => mayProvide(source, name)))
      .map((source) =>
        violation(
          object,
          source,
          "could set a proxy from outside this object",
          "list the variables in env, or give envFrom a prefix",
        ),
      ),
    ...(argument === undefined
      ? []
      : [violation(object, container, "is told to go through a proxy", "remove the argument")]),
  ];
}

function checkLabels(object: KubeObject, settings: Settings): readonly Violation[] {
  if (!isOfConcern(object, settings)) return [];
  const template = podTemplate(object);
  const metadata = isKind(object, "Namespace")
    ? get(rootField(object.body), "metadata")
    : template?.metadata;
  return metadata === undefined ? [] : checkAmbient(object, get(metadata, "labels"));
}
