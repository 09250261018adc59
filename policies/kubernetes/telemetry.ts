import { elements, entries, type Field, get, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { configTexts, objectsBelow } from "./config-texts.ts";
import { environmentOf } from "./environment.ts";
import { connectionManagers, envoyConfig, envoyField, holding } from "./envoy.ts";

/** A place that sends traces or events somewhere. */
export interface Sink {
  readonly field: Field;
  /** `undefined`: the field says where to; otherwise it leads outside, or nobody can say where. */
  readonly problem: string | undefined;
}

/** Variables that say where spans, errors and callbacks go. */
const addressVariable =
  /^(?:OTEL_EXPORTER_\w*ENDPOINT|OTLP_ENDPOINT|SENTRY_DSN|LANGFUSE_(?:HOST|BASE_?URL)|LANG(?:SMITH|CHAIN)_ENDPOINT|DD_(?:AGENT_HOST|TRACE_AGENT_URL|SITE)|JAEGER_(?:AGENT_HOST|ENDPOINT)|ZIPKIN_\w+|NEW_RELIC_HOST|HONEYCOMB_API_ENDPOINT|PHOENIX_COLLECTOR_ENDPOINT|TRACELOOP_BASE_URL|OPIK_URL_OVERRIDE|WANDB_BASE_URL|MLFLOW_TRACKING_URI|COMET_URL_OVERRIDE|SPLUNK_REALM|\w*CALLBACK_URL|\w*WEBHOOK_URL)$/;

/** Variables that turn on reports to a service outside, whose address the library knows. */
const serviceVariable =
  /^(?:LANGFUSE_(?:PUBLIC|SECRET)_KEY|LANG(?:SMITH|CHAIN)_(?:API_KEY|TRACING(?:_V2)?)|DD_(?:API_KEY|LLMOBS_ENABLED)|NEW_RELIC_LICENSE_KEY|HONEYCOMB_API_KEY|WANDB_API_KEY|COMET_API_KEY|OPIK_API_KEY|TRACELOOP_API_KEY|HELICONE_API_KEY|BRAINTRUST_API_KEY|ARIZE_(?:API|SPACE)_KEY|LOGFIRE_TOKEN|LITERAL_API_KEY|APPLICATIONINSIGHTS_CONNECTION_STRING)$/;

const addressFlag =
  /^--?(?:sentry[-_.]?dsn|[\w.-]*(?:otlp|otel|zipkin|jaeger|trac(?:e|es|ing))[\w.-]*(?:endpoint|address|url|host)|[\w.-]*callback[-_.]?url)$/i;

/** What one container is told by its variables and flags. */
export function containerSinks(container: Field): readonly Sink[] {
  const variables = [...environmentOf(container).variables].flatMap(([name, entry]): Sink[] => {
    if (serviceVariable.test(name)) {
      return [
        { field: get(entry, "name"), problem: `sets ${name}, which reports to a service outside` },
      ];
    }
    if (!addressVariable.test(name)) return [];
    const source = get(entry, "valueFrom");
    const field = source.value === undefined ? get(entry, "value") : source;
    return [{ field, problem: undefined }];
  });
  return [...variables, ...flagSinks(container)];
}

function flagSinks(container: Field): readonly Sink[] {
  const words = [...elements(get(container, "command")), ...elements(get(container, "args"))];
  return words.flatMap((word, index): Sink[] => {
    const text = textOf(word) ?? "";
    const equals = text.indexOf("=");
    if (!addressFlag.test(equals < 0 ? text : text.slice(0, equals))) return [];
    const field =
      equals < 0 ? (words[index + 1] ?? word) : { path: word.path, value: text.slice(equals + 1) };
    return [{ field, problem: undefined }];
  });
}

/** Marks of a collector's and of a gateway's configuration; everything else is never parsed. */
const collectorMarks = [/\bexporters\b/, /\bpipelines\b/, /\bservice\b/];
const callbackMark = /\b(?:success_|failure_)?callbacks?["']?\s*:/;

/** What a configuration in an object sends: collectors, proxies, callbacks of a gateway. */
export function configSinks(object: KubeObject): readonly Sink[] {
  const texts = configTexts(object);
  const envoy = envoyConfig(object).documents;
  return [
    ...texts
      .filter(({ text }) => collectorMarks.every((mark) => mark.test(text)))
      .flatMap(({ documents, field }) => readSinks(documents, field, collectorSinks)),
    ...texts
      .filter(({ text }) => callbackMark.test(text))
      .flatMap(({ documents }) => (documents ?? []).flatMap(callbackSinks)),
    ...envoy.flatMap((document) => envoySinks(document, envoy)),
  ];
}

/** A configuration that looks like a collector's and cannot be read may send anywhere. */
function readSinks(
  documents: readonly Field[] | undefined,
  field: Field,
  read: (document: Field) => readonly Sink[],
): readonly Sink[] {
  if (documents !== undefined) return documents.flatMap(read);
  return [{ field, problem: "looks like the configuration of a collector and cannot be read" }];
}

/** Exporters that say themselves where they send; the others belong to one service each. */
const addressedExporter =
  /^(?:otlp|otlphttp|otlp_http|otlp_grpc|zipkin|jaeger|jaeger_thrift)(?:\/|$)/;
const silentExporter = /^(?:nop|debug)(?:\/|$)/;

/** Exporters of a collector that carry traces, or that no pipeline names. */
export function collectorSinks(config: Field): readonly Sink[] {
  const exporters = entries(get(config, "exporters"));
  if (exporters === undefined) return [{ field: get(config, "exporters"), problem: undefined }];
  const pipelines = entries(get(config, "service", "pipelines")) ?? [];
  const of = (wanted: (name: string) => boolean) =>
    new Set(
      pipelines
        .filter(([name]) => wanted(name))
        .flatMap(([, pipeline]) => elements(get(pipeline, "exporters")).map(textOf)),
    );
  const traces = of((name) => name.startsWith("traces"));
  const others = of((name) => !name.startsWith("traces"));
  return exporters
    .filter(([name]) => traces.has(name) || !others.has(name))
    .flatMap(([name, exporter]) => exporterSinks(name, exporter));
}

function exporterSinks(name: string, exporter: Field): readonly Sink[] {
  if (silentExporter.test(name)) return [];
  const addresses = ["endpoint", "traces_endpoint"].map((key) => get(exporter, key));
  const given = addresses.filter(({ value }) => value !== undefined);
  if (addressedExporter.test(name) && given.length > 0) {
    return given.map((field) => ({ field, problem: undefined }));
  }
  return [{ field: exporter, problem: "exports traces to a place that the rules cannot name" }];
}

/** Callbacks of a LiteLLM gateway; all but counters hand prompts on. */
function callbackSinks(config: Field): readonly Sink[] {
  return [...objectsBelow(config)]
    .flatMap((each) =>
      (entries(each) ?? []).filter(([key]) => /^(?:success_|failure_)?callbacks?$/.test(key)),
    )
    .flatMap(([, list]) => (typeof list.value === "string" ? [list] : elements(list)))
    .filter((field) => !/^prometheus(?:_system)?$/.test(textOf(field) ?? ""))
    .map((field) => ({ field, problem: "is a callback that may hand prompts on" }));
}

/** Where an Envoy's tracing leads, by way of the cluster that it names. */
function envoySinks(document: Field, all: readonly Field[]): readonly Sink[] {
  return connectionManagers(document)
    .map((manager) => envoyField(envoyField(manager, "tracing"), "provider"))
    .filter(({ value }) => value !== undefined)
    .flatMap((provider) => providerSinks(provider, all));
}

function providerSinks(provider: Field, all: readonly Field[]): readonly Sink[] {
  const clusters = ["cluster_name", "collector_cluster", "cluster"].flatMap((key) =>
    holding(provider, key).map((each) => envoyField(each, key)),
  );
  const targets = ["target_uri", "uri"].flatMap((key) =>
    holding(provider, key).map((each) => envoyField(each, key)),
  );
  const sinks = [
    ...clusters.flatMap((name) => clusterSinks(name, all)),
    ...targets.map((field): Sink => ({ field, problem: undefined })),
  ];
  return sinks.length > 0
    ? sinks
    : [{ field: provider, problem: "sends traces nobody can say where" }];
}

function clusterSinks(name: Field, all: readonly Field[]): readonly Sink[] {
  const cluster = all
    .flatMap((document) => holding(document, "clusters"))
    .flatMap((each) => elements(get(each, "clusters")))
    .find((each) => textOf(get(each, "name")) === textOf(name));
  const addresses = cluster === undefined ? [] : holding(cluster, "socket_address");
  if (addresses.length === 0) {
    return [{ field: name, problem: "names a cluster whose address is not in this object" }];
  }
  return addresses.map((each) => ({
    field: get(envoyField(each, "socket_address"), "address"),
    problem: undefined,
  }));
}
