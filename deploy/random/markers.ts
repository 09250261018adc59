import { markerPattern, type PlannedObject } from "../../offline/render/plan.ts";

/** One key of a Secret that holds a random value and nothing else, so that it can be read back. */
export interface Home {
  readonly namespace: string;
  readonly secret: string;
  readonly key: string;
}

/** Where the random values of a stack go. */
export interface MarkerUse {
  /** Every random value that some object takes, sorted. */
  readonly names: readonly string[];
  readonly homes: ReadonlyMap<string, readonly Home[]>;
}

/** Finds every marker, also inside the base64 text of a Secret's `data`. */
export function markerUse(planned: readonly PlannedObject[]): MarkerUse {
  const names = new Set<string>();
  const homes = new Map<string, Home[]>();
  for (const object of planned) {
    substitute(object.body, isSecret(object), (name) => {
      names.add(name);
      return "";
    });
    for (const [key, text] of secretEntries(object)) {
      const name = wholeMarker(fromBase64(text));
      if (name === undefined) continue;
      const home = { namespace: object.namespace ?? "default", secret: object.name, key };
      homes.set(name, [...(homes.get(name) ?? []), home]);
    }
  }
  return { names: [...names].toSorted(), homes };
}

/** The content of a planned Secret by key, in base64 as the API server holds it. */
export function secretEntries(
  object: Pick<PlannedObject, "apiVersion" | "kind" | "body">,
): [string, string][] {
  if (!isSecret(object)) return [];
  const data = Object.entries(record(object.body["data"])).map(([key, text]): [string, string] => [
    key,
    String(text),
  ]);
  const plain = Object.entries(record(object.body["stringData"])).map(
    ([key, text]): [string, string] => [key, toBase64(String(text))],
  );
  return [...new Map([...data, ...plain])];
}

/** The same JSON with every marker replaced. @param secret whether it is a Secret, whose `data` is base64 */
export function substitute(
  body: Readonly<Record<string, unknown>>,
  secret: boolean,
  valueOf: (name: string) => string,
): Record<string, unknown> {
  const replaced = (text: string) =>
    text.replaceAll(markerPattern, (_, name: string) => valueOf(name));
  return mapRecord(body, (value, key) =>
    secret && key === "data"
      ? mapRecord(record(value), (text) => replacedBase64(String(text), valueOf))
      : mapStrings(value, replaced),
  );
}

/** Byte for byte, so that binary content beside a marker survives. */
function replacedBase64(base64: string, valueOf: (name: string) => string): string {
  const bytes = Buffer.from(base64, "base64").toString("latin1");
  const replaced = bytes.replaceAll(markerPattern, (_, name: string) =>
    Buffer.from(valueOf(name)).toString("latin1"),
  );
  return replaced === bytes ? base64 : Buffer.from(replaced, "latin1").toString("base64");
}

export function isSecret({
  apiVersion,
  kind,
}: Pick<PlannedObject, "apiVersion" | "kind">): boolean {
  return kind === "Secret" && apiVersion === "v1";
}

export function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}

export function fromBase64(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

function wholeMarker(text: string): string | undefined {
  const [match, ...more] = text.matchAll(markerPattern);
  return match !== undefined && more.length === 0 && match[0] === text ? match[1] : undefined;
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  if (typeof value !== "object" || value === null) return value;
  return mapRecord(record(value), (item) => mapStrings(item, map));
}

function mapRecord(
  value: Readonly<Record<string, unknown>>,
  map: (item: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, key)]));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
