import type { ValueObject } from "../../../policies/model/value.ts";
import { object, type Refusal, type Sent } from "../support/objects.ts";

const label = "private-llm/traffic-record";
/** As whom the tests ask. */
const user = "private-llm-admin";

interface Change {
  readonly name?: string;
  readonly fields?: ValueObject;
  readonly metadata?: ValueObject;
}

/** A record as `traffic` writes it, with changes. */
export function trafficRecord({ name, fields, metadata }: Change = {}): Sent {
  const sent = object(
    "v1",
    "ConfigMap",
    name ?? "traffic-record-000001",
    { immutable: true, data: { user, "record.json": "{}" }, ...fields },
    "gateway",
  );
  return { ...sent, metadata: { ...sent.metadata, labels: { [label]: "true" }, ...metadata } };
}

export const recordRefusals: readonly Refusal[] = [
  {
    rule: "C04",
    title: "record that could be altered",
    object: trafficRecord({ fields: { immutable: false } }),
  },
  {
    rule: "C04",
    title: "record in the name of somebody else",
    object: trafficRecord({ fields: { data: { user: "somebody" } } }),
  },
  {
    rule: "C04",
    title: "record of nobody",
    object: trafficRecord({ fields: { data: { "record.json": "{}" } } }),
  },
  {
    rule: "C04",
    title: "record without its label",
    object: trafficRecord({ metadata: { labels: {} } }),
  },
  {
    rule: "C04",
    title: "record with another label",
    object: trafficRecord({ metadata: { labels: { [label]: "false" } } }),
  },
  {
    rule: "C04",
    title: "record with a name of its own",
    object: trafficRecord({ name: "traffic-note" }),
  },
  {
    rule: "C04",
    title: "record with more digits",
    object: trafficRecord({ name: "traffic-record-0000001" }),
  },
  {
    rule: "C04",
    title: "record that goes with an owner",
    object: trafficRecord({
      metadata: {
        ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "0" }],
      },
    }),
  },
];
