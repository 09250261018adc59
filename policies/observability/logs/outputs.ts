import type { Field } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Violation } from "../../model/rule.ts";
import { violation } from "../../model/violation.ts";
import { checkAddress, type Destinations } from "../addresses.ts";

/** One output of a log shipper. */
export interface Output {
  /** Kind of the output as the shipper names it, such as "es" or "otlphttp". */
  readonly kind: string;
  /** Where the output stands. */
  readonly field: Field;
  readonly addresses: readonly Field[];
  /** Region of a provider that the output names. */
  readonly region?: string | undefined;
  /** Days after which the receiving service deletes; for services that keep for ever otherwise. */
  readonly retentionDays?: number | undefined;
}

/** Outputs that stay in the pod, throw away, or wait to be asked. */
const localKinds = new Set([
  "blackhole",
  "console",
  "copy",
  "counter",
  "debug",
  "exit",
  "file",
  "flowcounter",
  "logging",
  "lokistack",
  "nop",
  "null",
  "prometheus",
  "prometheus_exporter",
  "relabel",
  "rewrite_tag_filter",
  "route",
  "stdout",
]);

/** Services of AWS, by what shippers call them. */
const awsServices: readonly (readonly [RegExp, string])[] = [
  [/^(?:aws)?_?cloudwatch(?:_?logs)?$/, "logs"],
  [/^(?:aws_)?s3$|^awss3$/, "s3"],
  [/firehose/, "firehose"],
  [/kinesis/, "kinesis"],
];

export function checkOutput(
  object: KubeObject,
  output: Output,
  destinations: Destinations,
): readonly Violation[] {
  const kind = output.kind.toLowerCase();
  if (localKinds.has(kind)) return [];
  const service = awsServices.find(([name]) => name.test(kind))?.[1];
  return [
    ...checkWhere(object, output, service, destinations),
    ...(service === "logs" ? checkRetention(object, output) : []),
  ];
}

function checkWhere(
  object: KubeObject,
  { kind, field, addresses, region }: Output,
  service: string | undefined,
  destinations: Destinations,
): readonly Violation[] {
  if (addresses.length > 0) {
    return addresses.flatMap((address) => checkAddress(object, address, destinations));
  }
  if (service !== undefined && region !== undefined) {
    const value = `${service}.${region}.amazonaws.com`;
    return checkAddress(object, { path: field.path, value }, destinations);
  }
  const problem = `sends logs by "${kind}" to an address that no rule can read, such as that of its maker`;
  const remedy = `write the address of a host in ${destinations.setting} into the output, or remove it`;
  return [violation(object, field, problem, remedy)];
}

function checkRetention(object: KubeObject, output: Output): readonly Violation[] {
  if (output.retentionDays !== undefined && output.retentionDays > 0) return [];
  const problem = "keeps logs for ever, since it sets no retention";
  return [violation(object, output.field, problem, "set the days after which logs are deleted")];
}

export function daysOf(value: unknown): number | undefined {
  const days = typeof value === "string" ? Number(value) : value;
  return typeof days === "number" && Number.isFinite(days) ? days : undefined;
}
