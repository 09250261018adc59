import type { RecordedResource } from "../../../offline/recorder.ts";
import { at, isArray, unknown, type ValueObject } from "../../../policies/model/value.ts";

/** A resource as a reviewer reads it in a diff. */
export function line({ urn, type, properties, secrets, options, dependencies }: RecordedResource) {
  return {
    urn,
    properties: JSON.parse(
      JSON.stringify(reviewed(type, properties), (_, value: unknown) =>
        value === unknown ? "(unknown)" : value,
      ),
    ) as unknown,
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(options.protect || options.retainOnDelete || options.ignoreChanges.length > 0
      ? { options }
      : {}),
    ...(dependencies.length > 0 ? { dependencies: dependencies.toSorted() } : {}),
  };
}

/** C04 demands generated expressions to the letter, so of an admission policy its messages are enough to read. */
function reviewed(type: string, properties: ValueObject): ValueObject {
  const validations = at(properties, "spec", "validations");
  if (!type.endsWith(":ValidatingAdmissionPolicy") || !isArray(validations)) return properties;
  const messages = validations.map((validation) => at(validation, "message") ?? null);
  return { metadata: properties["metadata"], messages };
}

/** The order of a golden graph. */
export function byUrn(a: RecordedResource, b: RecordedResource): number {
  if (a.urn === b.urn) return 0;
  return a.urn < b.urn ? -1 : 1;
}
