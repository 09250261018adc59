import { elements, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { checkAddress, type Destinations, remedyOf } from "./addresses.ts";
import { settingOf } from "./ini.ts";

/** Sources that live in Grafana itself and ask nobody. */
const innerTypes = new Set(["testdata", "grafana-testdata-datasource", "dashboard", "mixed"]);

export function checkDatasource(
  object: KubeObject,
  source: Field,
  destinations: Destinations,
): readonly Violation[] {
  if (isUnreadable(source)) return [unreadable(object, source)];
  const url = get(source, "url");
  if (url.value !== undefined && url.value !== "") return checkAddress(object, url, destinations);
  if (innerTypes.has(textOf(get(source, "type")) ?? "")) return [];
  const problem = "is a source of data without url, so it asks the service of its maker";
  return [violation(object, source, problem, remedyOf(destinations))];
}

export function checkDatasources(
  object: KubeObject,
  document: Field,
  destinations: Destinations,
): readonly Violation[] {
  return elements(get(document, "datasources")).flatMap((source) =>
    checkDatasource(object, source, destinations),
  );
}

/** Settings of grafana.ini that send something to an address. */
const outward: readonly (readonly [section: string, key: string])[] = [
  ["smtp", "host"],
  ["tracing.opentelemetry.otlp", "address"],
  ["tracing.opentelemetry.jaeger", "address"],
  ["unified_alerting.state_history", "loki_remote_url"],
  ["unified_alerting.state_history", "loki_remote_write_url"],
  ["unified_alerting.state_history", "prometheus_target_datasource_uid"],
  ["recording_rules", "url"],
  ["rendering", "server_url"],
  ["remote_alertmanager", "url"],
];

/** What grafana.ini sends: mail, traces, the history of alerts, pictures of panels. */
export function checkGrafanaIni(
  object: KubeObject,
  field: Field,
  text: string,
  destinations: Destinations,
): readonly Violation[] {
  const addresses = outward.flatMap(([section, key]) => {
    const value = settingOf(text, section, key);
    if (value === undefined || value === "" || key.endsWith("_uid")) return [];
    return checkAddress(object, { path: field.path, value }, destinations);
  });
  const store = settingOf(text, "external_image_storage", "provider") ?? "";
  if (store === "" || store === "local") return addresses;
  const problem = "keeps pictures of panels in an outside store ([external_image_storage])";
  return [...addresses, violation(object, field, problem, "remove the provider")];
}
