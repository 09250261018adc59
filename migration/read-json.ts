import type { z } from "zod";

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: string };

/** A text that is to be JSON of a schema; the fault says where it is not. */
export function readJson<T>(text: string | undefined, schema: z.ZodType<T>): Read<T> {
  if (text === undefined) return { ok: false, fault: "is missing" };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, fault: "is no JSON" };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  return { ok: false, fault: `${place}${issue?.message ?? "is not of the expected form"}` };
}
