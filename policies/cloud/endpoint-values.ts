import type { Field } from "../model/field.ts";
import { isArray, isObject, unknown, type Value } from "../model/value.ts";
import { type Aws, type AwsResource, sourcesOf } from "./aws.ts";

/** Stands for the id that an endpoint of the graph will have. */
const ownEndpoint = "vpce-of-this-stack";

/**
 * A policy in which the id of an endpoint that does not exist yet is readable. Whatever the id will be, a wall
 * that names it to the letter keeps everybody else out; so it must come from endpoints of the graph, and
 * nothing else in the policy may.
 */
export function withEndpoints(aws: Aws, owner: AwsResource, field: Field): Field {
  const sources = sourcesOf(aws, owner, field.path);
  const own = sources.length > 0 && sources.every(({ kind }) => kind === "ec2.VpcEndpoint");
  if (!own || field.value === undefined) return field;
  return { path: field.path, value: replaced(field.value, []) };
}

/** Only where the operator compares letter by letter: a pattern could stand for everybody. */
function replaced(value: Value, above: readonly string[]): Value {
  if (value === unknown) {
    const [operator, key] = above.slice(-2);
    return operator === "StringNotEquals" && key === "aws:SourceVpce" ? ownEndpoint : value;
  }
  if (isArray(value)) return value.map((each) => replaced(each, above));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      each === undefined ? [] : [[key, replaced(each, [...above, key])] as const],
    ),
  );
}
