import { documentsOf } from "../kubernetes/config-data.ts";
import {
  elements,
  type Field,
  get,
  isEmpty,
  isUnreadable,
  rootField,
  textOf,
} from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { checkAddress, checkAddresses, type Destinations } from "./addresses.ts";
import { checkObjectStore } from "./object-store.ts";
import { checkRelabelling, checkRemote, checkScrape } from "./prometheus-config.ts";
import { checkAlertmanager } from "./receivers.ts";
import { type Files, referredFiles } from "./secret-keys.ts";

/** Checks one resource of the Prometheus operator. */
type Check = (object: KubeObject, files: Files, destinations: Destinations) => readonly Violation[];

/** By kind of monitoring.coreos.com. */
export const operatorChecks: Readonly<Record<string, Check>> = {
  Prometheus: checkServer,
  PrometheusAgent: checkServer,
  ThanosRuler: checkServer,
  Alertmanager: checkAlertmanagerResource,
  AlertmanagerConfig: (object, _, destinations) =>
    checkAlertmanager(object, specOf(object), destinations),
  ScrapeConfig: (object, _, destinations) => checkScrape(object, specOf(object), destinations),
  Probe: checkProbe,
  PodMonitor: (object, _, destinations) =>
    checkMonitor(object, "podMetricsEndpoints", destinations),
  ServiceMonitor: (object, _, destinations) => checkMonitor(object, "endpoints", destinations),
};

function specOf(object: KubeObject): Field {
  return get(rootField(object.body), "spec");
}

/** Parts of a server's spec that hold addresses in the clear. */
const openParts = [
  "alerting",
  "alertmanagersUrl",
  "queryEndpoints",
  "tracingConfig",
  "apiserverConfig",
];

/** Parts that name a key of a Secret, and how the text there is read. */
const secretParts: Readonly<Record<string, "jobs" | "document" | "store">> = {
  additionalScrapeConfigs: "jobs",
  additionalAlertManagerConfigs: "jobs",
  alertmanagersConfig: "document",
  queryConfig: "document",
  tracingConfig: "document",
  objectStorageConfig: "store",
};

function checkServer(
  object: KubeObject,
  files: Files,
  destinations: Destinations,
): readonly Violation[] {
  const spec = specOf(object);
  if (isUnreadable(spec)) return [unreadable(object, spec)];
  const thanos = get(spec, "thanos");
  return [
    ...["remoteWrite", "remoteRead"].flatMap((name) =>
      elements(get(spec, name)).flatMap((entry) => checkRemote(object, entry, destinations)),
    ),
    ...openParts.flatMap((name) => {
      const part = get(spec, name);
      return part.value === undefined ? [] : checkNamed(object, part, destinations);
    }),
    ...[spec, thanos].flatMap((owner) => [
      ...Object.entries(secretParts).flatMap(([name, reading]) =>
        checkSecretPart(object, get(owner, name), reading, files, destinations),
      ),
      ...refuseFile(object, get(owner, "objectStorageConfigFile")),
    ]),
  ];
}

/** A list of addresses, or an object that has some. */
function checkNamed(
  object: KubeObject,
  part: Field,
  destinations: Destinations,
): readonly Violation[] {
  const texts = elements(Array.isArray(part.value) ? part : { path: part.path, value: undefined });
  return [
    ...texts
      .filter(({ value }) => typeof value !== "object")
      .flatMap((text) => checkAddress(object, text, destinations)),
    ...checkAddresses(object, part, destinations),
  ].filter(firstOfPath);
}

/** One address can be met as an element and as a leaf. */
function firstOfPath(each: Violation, index: number, all: readonly Violation[]): boolean {
  return all.findIndex(({ path }) => path === each.path) === index;
}

function checkSecretPart(
  object: KubeObject,
  reference: Field,
  reading: "jobs" | "document" | "store",
  files: Files,
  destinations: Destinations,
): readonly Violation[] {
  if (isEmpty(reference) || get(reference, "key").value === undefined) return [];
  const found = referredFiles(files, object, reference, "Secret");
  if ("fault" in found) return [found.fault];
  return found.texts.flatMap((file) =>
    documentsOf(file).flatMap((document) =>
      checkReferred(file.object, document, reading, destinations),
    ),
  );
}

function checkReferred(
  owner: KubeObject,
  document: Field,
  reading: "jobs" | "document" | "store",
  destinations: Destinations,
): readonly Violation[] {
  if (isUnreadable(document)) return [unreadable(owner, document)];
  switch (reading) {
    case "jobs":
      return elements(document).flatMap((job) => checkScrape(owner, job, destinations));
    case "store":
      return checkObjectStore(owner, document, destinations);
    case "document":
      return checkAddresses(owner, document, destinations);
    default:
      reading satisfies never;
      return [];
  }
}

function refuseFile(object: KubeObject, file: Field): readonly Violation[] {
  if (isEmpty(file) || file.value === "") return [];
  const problem = "names a file that no rule can read";
  return [violation(object, file, problem, "use objectStorageConfig with a Secret of this stack")];
}

function checkAlertmanagerResource(
  object: KubeObject,
  files: Files,
  destinations: Destinations,
): readonly Violation[] {
  const spec = specOf(object);
  if (isUnreadable(spec)) return [unreadable(object, spec)];
  const global = get(spec, "alertmanagerConfiguration", "global");
  return [
    ...checkConfigSecret(object, get(spec, "configSecret"), files),
    ...elements(get(spec, "additionalPeers")).flatMap((peer) =>
      checkAddress(object, peer, destinations),
    ),
    ...checkAddresses(object, global, destinations),
  ];
}

/** The Secret of the default name may be absent: the operator then writes one without receivers. */
function checkConfigSecret(object: KubeObject, secret: Field, files: Files): readonly Violation[] {
  if (isEmpty(secret) || secret.value === "") return [];
  if (isUnreadable(secret)) return [unreadable(object, secret)];
  const named = files.find("Secret", String(object.namespace), textOf(secret) ?? "");
  if (named.length > 0) return [];
  const problem = "names a Secret that is not in this stack, so nobody knows the receivers";
  return [violation(object, secret, problem, "declare the Secret in this stack")];
}

function checkProbe(
  object: KubeObject,
  _: Files,
  destinations: Destinations,
): readonly Violation[] {
  const spec = specOf(object);
  return [
    ...checkAddresses(object, get(spec, "prober"), destinations),
    ...elements(get(spec, "targets", "staticConfig", "static")).flatMap((target) =>
      checkAddress(object, target, destinations),
    ),
    ...elements(get(spec, "targets", "staticConfig", "relabelingConfigs")).flatMap((step) =>
      checkRelabelling(object, step, destinations),
    ),
  ];
}

function checkMonitor(
  object: KubeObject,
  list: string,
  destinations: Destinations,
): readonly Violation[] {
  return elements(get(specOf(object), list)).flatMap((endpoint) => {
    const proxy = get(endpoint, "proxyUrl");
    return [
      ...(proxy.value === undefined ? [] : checkAddress(object, proxy, destinations)),
      ...elements(get(endpoint, "relabelings")).flatMap((step) =>
        checkRelabelling(object, step, destinations),
      ),
    ];
  });
}
