import type { Field } from "../model/field.ts";
import { isUnreadable } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import { type Subject, unreadable, violation } from "../model/violation.ts";
import { type Aws, type AwsResource, comesFrom } from "./aws.ts";

const keyKinds = ["kms.Key", "kms.ExternalKey", "kms.ReplicaKey", "kms.Alias"] as const;

const remedy = "name a key of your own in KMS, such as the ARN of an aws.kms.Key";

/** Keys that AWS makes, uses and rotates on its own; nobody can withdraw them. */
const managedByAws = /(?:^|:)alias\/aws\//;

const keyName =
  /^(?:arn:aws[\w-]*:kms:[\w-]+:\d{12}:(?:key|alias)\/[\w/-]+|alias\/[\w/-]+|(?:mrk-)?[0-9a-f-]{32,36})$/;

/** A key of a resource in the graph; one that is not known yet must come from a key in the graph. */
export function checkResourceKey(
  aws: Aws,
  resource: AwsResource,
  field: Field,
): readonly Violation[] {
  const property = /^[^.[]+/.exec(field.path)?.[0] ?? "";
  if (isUnreadable(field) && comesFrom(aws, resource, property, ...keyKinds)) return [];
  return checkKey(resource, field);
}

/** A key that is named by text, where nothing tells what it comes from. */
export function checkKey(subject: Subject, field: Field): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(subject, field)];
  if (field.value === undefined || field.value === "") {
    return [violation(subject, field, "is absent, so a key of the provider encrypts", remedy)];
  }
  if (typeof field.value !== "string" || !keyName.test(field.value)) {
    return [violation(subject, field, "is no id, alias or ARN of a KMS key", remedy)];
  }
  if (!managedByAws.test(field.value)) return [];
  return [violation(subject, field, `is "${field.value}", a key that AWS manages`, remedy)];
}
