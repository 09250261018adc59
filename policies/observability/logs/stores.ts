import { elements, entries, type Field, get, isEmpty, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Violation } from "../../model/rule.ts";
import { violation } from "../../model/violation.ts";
import { addressesIn, checkAddress, type Destinations } from "../addresses.ts";
import { checkOutput, daysOf, type Output } from "./outputs.ts";

/** Whether a document is the file of Loki itself. */
export function isLoki(document: Field): boolean {
  return get(document, "schema_config").value !== undefined;
}

/** Loki keeps everything until both of these say otherwise; where it keeps it must be inside as well. */
export function checkLoki(
  object: KubeObject,
  document: Field,
  destinations: Destinations,
): readonly Violation[] {
  const period = get(document, "limits_config", "retention_period");
  const enabled = get(document, "compactor", "retention_enabled");
  const kept = [
    ...(/^[1-9]\d*(?:[smhdwy]\w*)?$/.test(textOf(period) ?? "")
      ? []
      : [violation(object, period, "sets no retention, so logs are kept for ever", lokiRemedy)]),
    ...(enabled.value === true
      ? []
      : [violation(object, enabled, "is not true, so nothing is ever deleted", lokiRemedy)]),
  ];
  const stores = [get(document, "common", "storage"), get(document, "storage_config")];
  return [...kept, ...stores.flatMap((store) => checkStore(object, store, destinations))];
}

const lokiRemedy = "set limits_config.retention_period and compactor.retention_enabled: true";
const localStores = new Set(["filesystem", "local", "boltdb_shipper", "tsdb_shipper", "ring"]);

function checkStore(
  object: KubeObject,
  store: Field,
  destinations: Destinations,
): readonly Violation[] {
  return (entries(store) ?? []).flatMap(([name, part]) => {
    if (localStores.has(name) || typeof part.value !== "object") return [];
    const addresses = addressesIn(part);
    if (addresses.length > 0) {
      return addresses.flatMap((address) => checkAddress(object, address, destinations));
    }
    const kind = name === "aws" ? "s3" : name;
    const region = textOf(get(part, "region"));
    return checkOutput(object, { kind, field: part, addresses, region }, destinations);
  });
}

/** The agent of CloudWatch: groups of logs, each with its days. */
export function cloudwatchOutputs(document: Field): readonly Output[] | undefined {
  const logs = get(document, "logs");
  const collected = get(logs, "logs_collected");
  if (isEmpty(collected)) return undefined;
  const region = textOf(get(document, "agent", "region")) ?? textOf(get(document, "region"));
  const override = get(logs, "endpoint_override");
  const addresses = override.value === undefined ? [] : [override];
  const files = elements(get(collected, "files", "collect_list"));
  const groups = files.length > 0 ? files : [collected];
  return groups.map((group) => ({
    kind: "cloudwatch_logs",
    field: group,
    addresses,
    region,
    retentionDays: daysOf(get(group, "retention_in_days").value),
  }));
}
