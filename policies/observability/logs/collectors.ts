import type { ConfigText } from "../../kubernetes/config-data.ts";
import { elements, entries, type Field, get, textOf } from "../../model/field.ts";
import { isObject } from "../../model/value.ts";
import { addressesIn } from "../addresses.ts";
import { readIni } from "../ini.ts";
import { daysOf, type Output } from "./outputs.ts";

/** Vector in YAML or JSON: an object of sinks. */
export function vectorSinks(document: Field): readonly Output[] | undefined {
  const sinks = get(document, "sinks");
  if (!isObject(sinks.value)) return undefined;
  return (entries(sinks) ?? []).map(([, sink]) => ({
    kind: textOf(get(sink, "type")) ?? "unknown",
    field: sink,
    addresses: addressesIn(sink),
    region: textOf(get(sink, "region")),
    retentionDays: daysOf(get(sink, "retention", "days").value),
  }));
}

const sinkSection = /^sinks\.([\w-]+)(?:\.|$)/;

/** Vector in TOML: sections `sinks.<name>`. */
export function vectorTomlSinks({ text, field }: ConfigText): readonly Output[] | undefined {
  if (!/^\s*\[sinks\./m.test(text)) return undefined;
  const settings = readIni(text).flat();
  const names = new Set(settings.flatMap(({ section }) => sinkSection.exec(section)?.[1] ?? []));
  return [...names].map((name) => {
    const own = settings.filter(({ section }) => sinkSection.exec(section)?.[1] === name);
    const valueOf = (key: string) => own.find((each) => each.key === key)?.value;
    return {
      kind: valueOf("type") ?? "unknown",
      field,
      addresses: own
        .filter(({ key }) => /^(?:endpoints?|address|uri|url|hosts?|bootstrap_servers)$/.test(key))
        .flatMap(({ value }) => listed(value).map((each) => ({ path: field.path, value: each }))),
      region: valueOf("region"),
    };
  });
}

/** A list of TOML, or one text. */
function listed(value: string): readonly string[] {
  if (!value.startsWith("[")) return [value];
  return [...value.matchAll(/["']([^"']*)["']/g)].map(([, text = ""]) => text);
}

/** What an exporter of the collector carries. */
export type Signal = "logs" | "metrics" | "traces";

export interface Exporter extends Output {
  /** Empty where no pipeline uses it. */
  readonly signals: readonly Signal[];
}

/** The collector of OpenTelemetry. */
export function collectorExporters(document: Field): readonly Exporter[] | undefined {
  const exporters = get(document, "exporters");
  if (!isObject(exporters.value)) return undefined;
  const pipelines = entries(get(document, "service", "pipelines")) ?? [];
  return (entries(exporters) ?? []).map(([name, exporter]) => ({
    kind: name.split("/")[0] ?? name,
    field: exporter,
    addresses: addressesIn(exporter),
    region: textOf(get(exporter, "region")),
    retentionDays: daysOf(get(exporter, "log_retention").value),
    signals: pipelines
      .filter(([, pipeline]) =>
        elements(get(pipeline, "exporters")).some(({ value }) => value === name),
      )
      .map(([pipeline]) => signalOf(pipeline)),
  }));
}

function signalOf(pipeline: string): Signal {
  if (pipeline.startsWith("metrics")) return "metrics";
  return pipeline.startsWith("traces") ? "traces" : "logs";
}

/** Promtail: a list of Loki servers. */
export function promtailClients(document: Field): readonly Output[] | undefined {
  const clients = get(document, "clients");
  if (clients.value === undefined || get(document, "scrape_configs").value === undefined) {
    return undefined;
  }
  return elements(clients).map((client) => ({
    kind: "loki",
    field: client,
    addresses: addressesIn(client),
  }));
}

const alloyBlock =
  /^\s*(?:loki\.write|otelcol\.exporter\.\w+|prometheus\.remote_write|pyroscope\.write)\s+"/m;

/** Grafana Alloy: addresses stand in attributes of its own language. */
export function alloyOutputs({ text, field }: ConfigText): readonly Output[] | undefined {
  if (!alloyBlock.test(text)) return undefined;
  return [...text.matchAll(/^\s*(?:url|endpoint)\s*=\s*(.+?),?\s*$/gm)].map(([, value = ""]) => ({
    kind: "alloy",
    field,
    // An expression is computed when the program runs.
    addresses: [{ path: field.path, value: /^"([^"]*)"$/.exec(value)?.[1] ?? "${}" }],
  }));
}
