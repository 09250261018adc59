import { groupOf } from "../../kubernetes/api-groups.ts";
import { leadsTo } from "../../kubernetes/endpoint-host.ts";
import { enginesOf } from "../../kubernetes/engine-settings.ts";
import { topicViolations } from "../../kubernetes/engine-topics.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { carriesPrompts } from "../../kubernetes/scope.ts";
import {
  collectorSinks,
  configSinks,
  containerSinks,
  type Sink,
} from "../../kubernetes/telemetry.ts";
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
import { isObject } from "../../model/value.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const traceEndpoints: StackRule = {
  id: "A08",
  name: "trace-endpoints",
  level: "stack",
  description:
    "Traces, error reports and callbacks of engines, gateways and collectors go to declared hosts inside, or nowhere.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { gdpr: ["28", "44"] },
  remedy: "remove it, or list the host in policies.traceHosts of the stack if it is inside",
  check: (graph, settings) => graph.objects.flatMap((object) => checkObject(object, settings)),
};

function checkObject(object: KubeObject, settings: Settings): readonly Violation[] {
  const { traceHosts } = settings.policies;
  const sinks = [...podSinks(object, settings), ...configSinks(object), ...operatorSinks(object)];
  return [
    ...sinks.flatMap((sink) => checkSink(object, sink, traceHosts)),
    ...enginesOf(object, settings).flatMap((engine) => topicViolations(object, engine, "trace")),
  ];
}

function checkSink(
  object: KubeObject,
  { field, problem }: Sink,
  hosts: readonly string[],
): readonly Violation[] {
  if (problem !== undefined) return [violation(object, field, problem)];
  if (isUnreadable(field)) return [unreadable(object, field)];
  if (leadsTo(field, hosts)) return [];
  // The address may hold a key, as the one of an error tracker does.
  return [violation(object, field, "leads to a host that policies.traceHosts does not list")];
}

/** Pods that prompts pass: in an inference namespace, and the gateway. */
function podSinks(object: KubeObject, settings: Settings): readonly Sink[] {
  const template = podTemplate(object);
  if (template === undefined || !carriesPrompts(object, settings)) return [];
  return [
    ...containersOf(template).flatMap(({ field }) => containerSinks(field)),
    ...injections(template.metadata),
  ];
}

/** An operator that reads this puts an exporter into the pod, which no rule sees. */
function injections(metadata: Field): readonly Sink[] {
  return (entries(get(metadata, "annotations")) ?? [])
    .filter(([name]) =>
      /^(?:instrumentation\.opentelemetry\.io\/inject-|sidecar\.(?:jaegertracing|opentelemetry)\.io\/inject|admission\.datadoghq\.com\/)/.test(
        name,
      ),
    )
    .filter(([, field]) => textOf(field) !== "false")
    .map(([, field]) => ({
      field,
      problem: "lets an operator put an exporter of traces into the pod",
    }));
}

/** Custom resources of the OpenTelemetry operator, and those of gateways that name where spans go. */
function operatorSinks(object: KubeObject): readonly Sink[] {
  const spec = get(rootField(object.body), "spec");
  switch (`${groupOf(object)}/${object.kind}`) {
    case "opentelemetry.io/Instrumentation":
      return instrumentationSinks(spec);
    case "opentelemetry.io/OpenTelemetryCollector": {
      const config = get(spec, "config");
      return isObject(config.value) ? collectorSinks(config) : textCollector(config);
    }
    case "telemetry.istio.io/Telemetry":
    case "gateway.envoyproxy.io/EnvoyProxy": {
      const tracing = get(spec, "telemetry", "tracing");
      const own = tracing.value === undefined ? get(spec, "tracing") : tracing;
      if (own.value === undefined) return [];
      return [{ field: own, problem: "sends spans of the gateway, and nobody can say where" }];
    }
    default:
      return [];
  }
}

function instrumentationSinks(spec: Field): readonly Sink[] {
  const languages = (entries(spec) ?? [])
    .map(([, part]) => part)
    .filter(({ value }) => isObject(value));
  const endpoint = get(spec, "exporter", "endpoint");
  return [
    ...(endpoint.value === undefined ? [] : [{ field: endpoint, problem: undefined }]),
    ...[spec, ...languages].flatMap((part) =>
      elements(get(part, "env")).length === 0 ? [] : containerSinks(part),
    ),
  ];
}

/** The older form of a collector holds its configuration as text. */
function textCollector(config: Field): readonly Sink[] {
  if (config.value === undefined) return [];
  return [
    { field: config, problem: "is text in place of an object, so no rule reads its exporters" },
  ];
}
