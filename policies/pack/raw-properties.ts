import { isObject, unknown, type Value, type ValueObject } from "../model/value.ts";

/** What the engine sends in place of a value that it does not know yet (pulumi/pulumi-policy, proxy.ts). */
const sentinels: ReadonlySet<string> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);

/**
 * The properties behind the SDK's proxy, with unknowns marked. The proxy throws at the first unknown
 * and the SDK turns that into mere advice, so rules must never meet it.
 */

export function rawProperties(props: Readonly<Record<string, unknown>>): ValueObject {
  const raw = read(props["__getSpecialProxyTarget"] ?? props);
  return isObject(raw) ? raw : {};
}

function read(value: unknown): Value {
  if (typeof value === "string") return sentinels.has(value) ? unknown : value;
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(read);
  // Assets and archives are class instances: nothing a rule could read.
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return unknown;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, read(field)]),
  );
}
