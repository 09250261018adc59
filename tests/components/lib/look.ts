/** What lies at a path of plain data; `undefined` where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, step) =>
      typeof here === "object" && here !== null ? Reflect.get(here, step) : undefined,
    value,
  );
}

/** A list at a path. */
export function list(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  if (!Array.isArray(found)) throw new Error(`${JSON.stringify(found)} is no list`);
  return found;
}

/** A text at a path. */
export function text(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  if (typeof found !== "string") throw new Error(`${JSON.stringify(found)} is no text`);
  return found;
}

/** A number at a path, also where it is written as text. */
export function number(value: unknown, ...path: readonly (string | number)[]): number {
  const found = at(value, ...path);
  const read = typeof found === "string" && found !== "" ? Number(found) : found;
  if (typeof read !== "number" || Number.isNaN(read)) {
    throw new Error(`${JSON.stringify(found)} is no number`);
  }
  return read;
}

/** A quantity such as `16Gi` at a path, GiB. */
export function gib(value: unknown, ...path: readonly (string | number)[]): number {
  const found = /^(\d+)Gi$/.exec(text(value, ...path))?.[1];
  if (found === undefined) throw new Error(`${text(value, ...path)} is not in Gi`);
  return Number(found);
}

/** Keys and values of an object at a path. */
export function entries(
  value: unknown,
  ...path: readonly (string | number)[]
): readonly (readonly [string, unknown])[] {
  const found = at(value, ...path);
  if (typeof found !== "object" || found === null) {
    throw new Error(`${JSON.stringify(found)} is no object`);
  }
  return Object.entries(found);
}
