import { isRecord } from "../../../tools/simulator/values.ts";

/** An object of a configuration, open to change. */
export type Json = Record<string, unknown>;

function isJson(value: unknown): value is Json {
  return isRecord(value);
}

/** A value below names that are parted by points. */
export function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce((found: unknown, name) => (isJson(found) ? found[name] : undefined), value);
}

/** Objects of a list. */
export function children(value: unknown, path: string): Json[] {
  const list = at(value, path);
  return Array.isArray(list) ? list.filter(isJson) : [];
}

/** The object of a list that bears this name. */
export function child(value: unknown, path: string, name: string): Json {
  const found = children(value, path).find((each) => each["name"] === name);
  if (found === undefined) throw new Error(`${path} has no ${name}`);
  return found;
}

/** Every object under this name, wherever it stands. */
export function all(value: unknown, name: string): Json[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => all(each, name));
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    ...(key === name && isJson(each) ? [each] : []),
    ...all(each, name),
  ]);
}

/** HTTP connection managers. */
export function managers(proxy: Json): Json[] {
  return all(proxy, "typed_config").filter(({ "@type": type }) =>
    String(type).endsWith(".HttpConnectionManager"),
  );
}

export function text(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
