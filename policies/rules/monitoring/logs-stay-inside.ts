import { type AwsResource, awsOf, given } from "../../cloud/aws.ts";
import { groupOf } from "../../kubernetes/api-groups.ts";
import {
  type ConfigText,
  configData,
  documentsOf,
  parseText,
} from "../../kubernetes/config-data.ts";
import { insideOf } from "../../kubernetes/hosts.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { elements, type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";
import { addressesIn, checkAddresses, type Destinations } from "../../observability/addresses.ts";
import { checkAgent, checkPlugins } from "../../observability/logs/agents.ts";
import {
  alloyOutputs,
  collectorExporters,
  type Exporter,
  promtailClients,
  type Signal,
  vectorSinks,
  vectorTomlSinks,
} from "../../observability/logs/collectors.ts";
import {
  classicOutputs,
  fluentdOutputs,
  pipelineOutputs,
} from "../../observability/logs/fluent.ts";
import { checkOutput, type Output } from "../../observability/logs/outputs.ts";
import { promptLines } from "../../observability/logs/prompt-fields.ts";
import { checkLoki, cloudwatchOutputs, isLoki } from "../../observability/logs/stores.ts";

export const logsStayInside: StackRule = {
  id: "M03",
  name: "logs-stay-inside",
  level: "stack",
  description:
    "Logs go to Services of the cluster and to listed hosts alone, hold no field of prompts or answers, and are deleted after a time that is set.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["5(1)(e)", "30"], hipaa: ["164.312(b)"], nsa: ["Log"] },
  remedy: "send to a Service of the cluster, or list the host in policies.logHosts",
  check: (graph, settings) => {
    const places = placesOf(insideOf(graph, settings), settings);
    return [
      ...graph.objects.flatMap((object) => checkObject(object, places)),
      ...awsOf(graph).all.flatMap((resource) => checkAws(resource, settings)),
    ];
  },
};

/** Destinations of each signal that a collector may carry, and of a shipper that carries any. */
type Places = Readonly<Record<Signal | "any", Destinations>>;

function placesOf(inside: Destinations["inside"], { policies }: Settings): Places {
  const { logHosts, monitoringHosts, traceHosts } = policies;
  const place = (hosts: readonly string[], setting: string) => ({ inside, hosts, setting });
  return {
    logs: place(logHosts, "policies.logHosts"),
    metrics: place(monitoringHosts, "policies.monitoringHosts"),
    traces: place(traceHosts, "policies.traceHosts"),
    any: place([...logHosts, ...monitoringHosts, ...traceHosts], "policies.logHosts"),
  };
}

function checkObject(object: KubeObject, places: Places): readonly Violation[] {
  const spec = get(rootField(object.body), "spec");
  switch (`${groupOf(object)}/${object.kind}`) {
    case "opentelemetry.io/OpenTelemetryCollector": {
      const config = get(spec, "config");
      const documents =
        typeof config.value === "string" ? parseText(config.value, config.path) : [config];
      return documents.flatMap((document) => checkDocument(object, document, places) ?? []);
    }
    case "datadoghq.com/DatadogAgent": {
      const endpoint = get(spec, "global", "endpoint", "url");
      const problem = "is an agent that sends to its maker's service";
      return endpoint.value === undefined
        ? [violation(object, spec, problem)]
        : checkAddresses(object, get(spec, "global", "endpoint"), places.logs);
    }
    case "fluentbit.fluent.io/ClusterOutput":
    case "fluentbit.fluent.io/Output":
    case "fluentd.fluent.io/ClusterOutput":
    case "fluentd.fluent.io/Output":
    case "logging.banzaicloud.io/ClusterOutput":
    case "logging.banzaicloud.io/Output":
    case "logging.banzaicloud.io/SyslogNGClusterOutput":
    case "logging.banzaicloud.io/SyslogNGOutput":
      return isUnreadable(spec)
        ? [unreadable(object, spec)]
        : checkPlugins(object, spec, places.logs);
    case "observability.openshift.io/ClusterLogForwarder":
    case "logging.openshift.io/ClusterLogForwarder":
      return elements(get(spec, "outputs")).flatMap((output) =>
        checkOutput(
          object,
          {
            kind: textOf(get(output, "type")) ?? "unknown",
            field: output,
            addresses: addressesIn(output),
          },
          places.logs,
        ),
      );
    default:
      return [...checkFiles(object, places), ...checkContainers(object, places)];
  }
}

function checkContainers(object: KubeObject, places: Places): readonly Violation[] {
  const template = podTemplate(object);
  if (template === undefined) return [];
  return containersOf(template).flatMap(({ field }) => checkAgent(object, field, places.logs));
}

/** Files whose very name says that they steer logs: unread, they may send anywhere. */
const steeringFile =
  /^(?:fluent|vector|promtail|loki|relay|collector|otel|cwagent)[\w.-]*\.?(?:conf|ya?ml|toml|json|alloy)?$|\.alloy$/i;

function checkFiles(object: KubeObject, places: Places): readonly Violation[] {
  const { texts, hidden } = configData(object);
  return [
    ...hidden
      .filter(({ key }) => key !== "" && steeringFile.test(key))
      .map(({ field }) => unreadable(object, field)),
    ...texts.flatMap((file) => checkFile(file, places)),
  ];
}

/** What a file must hold for one of the readers of structured files to understand it. */
const structured =
  /(?:^|[\s"'{,])(?:outputs|sinks|exporters|clients|schema_config|logs_collected)["']?\s*:/;

function checkFile(file: ConfigText, places: Places): readonly Violation[] {
  const { object } = file;
  const plain = [classicOutputs, fluentdOutputs, vectorTomlSinks, alloyOutputs].flatMap((read) => {
    const outputs = read(file);
    return outputs === undefined
      ? []
      : [{ outputs, place: read === alloyOutputs ? "any" : "logs" }];
  });
  if (plain.length > 0) {
    return [
      ...plain.flatMap(({ outputs, place }) =>
        outputs.flatMap((output) =>
          checkOutput(object, output, place === "any" ? places.any : places.logs),
        ),
      ),
      ...checkPrompts(file),
    ];
  }
  if (!structured.test(file.text)) return [];
  const read = documentsOf(file).map((document) =>
    isUnreadable(document)
      ? steeringFile.test(file.key)
        ? [unreadable(object, document)]
        : undefined
      : checkDocument(object, document, places),
  );
  const found = read.filter((each) => each !== undefined);
  return found.length === 0 ? [] : [...found.flat(), ...checkPrompts(file)];
}

/** The findings of a document that configures logs; `undefined` for any other. */
function checkDocument(
  object: KubeObject,
  document: Field,
  places: Places,
): readonly Violation[] | undefined {
  if (isUnreadable(document)) return [unreadable(object, document)];
  if (typeof document.value !== "object" || Array.isArray(document.value)) return undefined;
  const exporters = collectorExporters(document);
  if (exporters !== undefined) {
    return exporters.flatMap((exporter) => checkExporter(object, exporter, places));
  }
  if (isLoki(document)) return checkLoki(object, document, places.logs);
  const outputs: readonly Output[] | undefined =
    pipelineOutputs(document) ??
    vectorSinks(document) ??
    promtailClients(document) ??
    cloudwatchOutputs(document);
  return outputs?.flatMap((output) => checkOutput(object, output, places.logs));
}

/** Each signal that it carries has its own list; one that nothing uses yet may carry logs. */
function checkExporter(
  object: KubeObject,
  exporter: Exporter,
  places: Places,
): readonly Violation[] {
  const signals = exporter.signals.length === 0 ? (["logs"] as const) : exporter.signals;
  return signals.flatMap((signal) => checkOutput(object, exporter, places[signal]));
}

function checkPrompts(file: ConfigText): readonly Violation[] {
  return promptLines(file.text).map((line) =>
    violation(
      file.object,
      file.field,
      `names a field of prompts or answers on line ${line}, so it may reach the logs`,
      "remove the field from what is shipped",
    ),
  );
}

/** Log groups without an end, and what sends their contents on. */
function checkAws(resource: AwsResource, { policies }: Settings): readonly Violation[] {
  const root = rootField(resource.resource.properties);
  switch (resource.kind) {
    case "cloudwatch.LogGroup": {
      const days = given(resource, "retentionInDays");
      if (isUnreadable(days)) return [unreadable(resource, days)];
      if (typeof days.value === "number" && days.value > 0) return [];
      const problem = "sets no retention, so logs are kept for ever";
      return [violation(resource, days, problem, "set retentionInDays")];
    }
    case "cloudwatch.LogSubscriptionFilter":
    case "cloudwatch.LogDestination":
    case "cloudwatch.LogAccountPolicy":
    case "kinesis.FirehoseDeliveryStream":
      return [violation(resource, root, "sends logs on to another service", "remove it")];
    case "eks.Addon": {
      const name = given(resource, "addonName");
      const listed = policies.logHosts.some((host) => /^logs\.[\w-]+\.amazonaws\.com$/.test(host));
      if (name.value !== "amazon-cloudwatch-observability" || listed) return [];
      return [violation(resource, name, "sends the logs of containers to CloudWatch")];
    }
    default:
      return [];
  }
}
