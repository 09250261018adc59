import { createHash } from "node:crypto";
import { compareText } from "../compare-text.ts";

/** JSON with sorted keys and no blanks, so that equal values are equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => compareText(a, b)));
  });
}

/** SHA-256 of the canonical form, hexadecimal. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
