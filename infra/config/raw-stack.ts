import { secretKeys } from "./parse.ts";

/** The project's own keys without their prefix; objects and lists arrive from the engine as JSON text. */
export function rawStack(
  all: Readonly<Record<string, string>>,
  project: string,
): Record<string, unknown> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value] as const)
      .filter(([key]) => !secretKeys.has(key))
      .map(([key, value]) => [key, structured(value)]),
  );
}

function structured(value: string): unknown {
  if (!value.startsWith("{") && !value.startsWith("[")) return value;
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON after all: a plain string, which the schema judges.
    return value;
  }
}
