import { unknown, type Value, type ValueObject } from "../policies/model/value.ts";

/** Marks of the engine's wire format (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts). */
export const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

export interface Decoded {
  readonly properties: ValueObject;
  /** Dotted paths at which the program marked a value secret. */
  readonly secrets: readonly string[];
}

/**
 * Properties of a registration as plain data: unknowns marked, secrets unwrapped as the engine does
 * for policies, with their paths kept aside so that nothing secret is ever written to disk.
 */
export function decodeProperties(wire: unknown): Decoded {
  const secrets: string[] = [];
  const decoded = decode(wire, "", secrets);
  return { properties: isRecord(decoded) ? decoded : {}, secrets };
}

function decode(wire: unknown, path: string, secrets: string[]): Value {
  if (wire === null || typeof wire === "boolean" || typeof wire === "number") return wire;
  if (typeof wire === "string") return wire === unknownSentinel ? unknown : wire;
  if (Array.isArray(wire))
    return wire.map((item, index) => decode(item, `${path}[${index}]`, secrets));
  if (typeof wire !== "object") return unknown;
  const fields: Record<string, unknown> = { ...wire };
  switch (fields[signature]) {
    case undefined:
      return Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [
          key,
          decode(value, path === "" ? key : `${path}.${key}`, secrets),
        ]),
      );
    case secretSignature:
      secrets.push(path);
      return decode(fields["value"], path, secrets);
    case resourceSignature:
      return typeof fields["urn"] === "string" ? fields["urn"] : unknown;
    default:
      // Assets, archives and whatever a newer engine adds: nothing a rule could read.
      return unknown;
  }
}

function isRecord(value: Value): value is ValueObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
