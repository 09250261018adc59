import { awsOf, ofKind } from "../../cloud/aws.ts";
import { groupOf, isKind } from "../../kubernetes/api-groups.ts";
import { type ConfigText, configData, documentsOf } from "../../kubernetes/config-data.ts";
import { commandLine } from "../../kubernetes/engine.ts";
import { insideOf } from "../../kubernetes/hosts.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { elements, type Field, get, isUnreadable, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";
import { checkAddress, checkAddresses, type Destinations } from "../../observability/addresses.ts";
import { checkDatasource, checkDatasources, checkGrafanaIni } from "../../observability/grafana.ts";
import { checkObjectStore, isObjectStore } from "../../observability/object-store.ts";
import { checkPrometheusFile } from "../../observability/prometheus-config.ts";
import { operatorChecks } from "../../observability/prometheus-operator.ts";
import {
  checkAlertmanager,
  checkContact,
  checkContactPoints,
} from "../../observability/receivers.ts";
import { type Files, filesOf } from "../../observability/secret-keys.ts";

export const metricsStayInside: StackRule = {
  id: "M01",
  name: "metrics-stay-inside",
  level: "stack",
  description:
    "Metrics and alerts go to Services of the cluster and to listed hosts alone: remote write and read, scraping, receivers, stores and data sources.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["28", "44"] },
  remedy: "send to a Service of the cluster, or list the host in policies.monitoringHosts",
  check: (graph, settings) => {
    const destinations: Destinations = {
      inside: insideOf(graph, settings),
      hosts: settings.policies.monitoringHosts,
      setting: "policies.monitoringHosts",
    };
    const files = filesOf(graph);
    return [
      ...graph.objects.flatMap((object) => checkObject(object, files, destinations)),
      ...graph.objects.flatMap((object) => checkExposure(object, settings)),
      ...ofKind(awsOf(graph), "cloudwatch.MetricStream").map((stream) =>
        violation(
          stream,
          rootField(stream.resource.properties),
          "streams metrics to another service",
          "remove the stream",
        ),
      ),
    ];
  },
};

/** Whoever reaches Prometheus can read every series, by its query API or by federation. */
function checkExposure(object: KubeObject, settings: Settings): readonly Violation[] {
  if (!isKind(object, "Service") || object.namespace !== settings.monitoringNamespace) return [];
  const spec = get(rootField(object.body), "spec");
  const type = get(spec, "type");
  if (isUnreadable(type)) return [unreadable(object, type)];
  const outside = [
    ...(type.value === "LoadBalancer" || type.value === "NodePort" ? [type] : []),
    ...elements(get(spec, "externalIPs")),
  ];
  const problem = "lets clients outside the cluster read what monitoring holds";
  return outside.map((field) => violation(object, field, problem, "use type ClusterIP"));
}

function checkObject(
  object: KubeObject,
  files: Files,
  destinations: Destinations,
): readonly Violation[] {
  const group = groupOf(object);
  if (group === "monitoring.coreos.com") {
    return Object.hasOwn(operatorChecks, object.kind)
      ? (operatorChecks[object.kind]?.(object, files, destinations) ?? [])
      : [];
  }
  const spec = get(rootField(object.body), "spec");
  switch (`${group}/${object.kind}`) {
    case "grafana.integreatly.org/GrafanaDatasource":
      return checkDatasource(object, get(spec, "datasource"), destinations);
    case "grafana.integreatly.org/GrafanaContactPoint":
      return checkContact(object, spec, destinations);
    case "operator.victoriametrics.com/VMAgent":
    case "operator.victoriametrics.com/VMAlert":
    case "operator.victoriametrics.com/VMAlertmanagerConfig":
      return checkAddresses(object, spec, destinations);
    default:
      return [...checkFiles(object, destinations), ...checkArguments(object, destinations)];
  }
}

/** Files whose very name says that they steer monitoring: unread, they may send anywhere. */
const steeringFile =
  /^(?:alertmanager|prometheus|objstore|object-store|thanos|datasources?|contact-?points?|grafana)[\w.-]*\.(?:ya?ml|ini)(?:\.gz)?$/i;

function checkFiles(object: KubeObject, destinations: Destinations): readonly Violation[] {
  const { texts, hidden } = configData(object);
  return [
    ...hidden
      .filter(({ key }) => steeringFile.test(key))
      .map(({ field }) => unreadable(object, field)),
    ...texts.flatMap((file) => checkFile(file, destinations)),
  ];
}

/** What a file must hold for one of the readers below to understand it; broken text then is a fault. */
const concern =
  /(?:^|[\s"'{,])(?:remote_write|remote_read|scrape_configs|receivers|datasources|contactPoints)["']?\s*:/;
const store = /type["']?\s*:\s*["']?(?:S3|GCS|AZURE|SWIFT|COS|ALIYUNOSS|BOS|OCI|OBS)\b/i;
const iniSection = /^\s*\[(?:smtp|external_image_storage|unified_alerting|tracing)[\w.]*\]\s*$/m;

function checkFile(file: ConfigText, destinations: Destinations): readonly Violation[] {
  const { object, field, key, text } = file;
  if (key.endsWith(".ini") || iniSection.test(text)) {
    return checkGrafanaIni(object, field, text, destinations);
  }
  if (!steeringFile.test(key) && !concern.test(text) && !store.test(text)) return [];
  return documentsOf(file).flatMap((document) =>
    isUnreadable(document)
      ? [unreadable(object, document)]
      : checkDocument(object, document, destinations),
  );
}

function checkDocument(
  object: KubeObject,
  document: Field,
  destinations: Destinations,
): readonly Violation[] {
  if (typeof document.value !== "object" || Array.isArray(document.value)) return [];
  return [
    ...checkPrometheusFile(object, document, destinations),
    // The collector of OpenTelemetry has receivers too, as an object; M03 reads it.
    ...(Array.isArray(get(document, "receivers").value)
      ? checkAlertmanager(object, document, destinations)
      : []),
    ...checkDatasources(object, document, destinations),
    ...checkContactPoints(object, elements(get(document, "contactPoints")), destinations),
    ...(isObjectStore(document) ? checkObjectStore(object, document, destinations) : []),
  ];
}

/** Agents that take their destination as an argument. */
const writeArgument = /^--?remote[-_.]?write[\w.-]*?(?:url|address|endpoint)(?:=(.*))?$/i;

function checkArguments(object: KubeObject, destinations: Destinations): readonly Violation[] {
  const template = podTemplate(object);
  if (template === undefined) return [];
  return containersOf(template).flatMap(({ field: container }) => {
    const words = commandLine(container);
    return words.flatMap((word, index) => {
      const match = writeArgument.exec(word ?? "");
      if (match === null) return [];
      const value = match[1] ?? words[index + 1] ?? "";
      return checkAddress(object, { path: get(container, "args").path, value }, destinations);
    });
  });
}
