import { isArray, isObject, type Value, type ValueObject } from "../../../policies/model/value.ts";

type Step = string | number;
/** Steps, or their dotted text where no key holds a dot: `spec.containers[0].env`. */
export type Path = string | readonly Step[];
/** A new value for an old one; `undefined` takes the field away. */
export type Edit = (value: Value | undefined) => Value | undefined;

/** Applies edits to the value at a path, one after the other. */
export function within(path: Path, ...edits: readonly Edit[]): Edit {
  return (value) => edits.reduce((now, edit) => update(now, steps(path), edit), value);
}

export function set(path: Path, to: Value): Edit {
  return within(path, () => to);
}

export function unset(path: Path): Edit {
  return within(path, () => undefined);
}

/** Adds to the end of a list, which need not exist. */
export function append(path: Path, ...items: readonly Value[]): Edit {
  return within(path, (list) => {
    if (list !== undefined && !isArray(list)) throw new Error(`${String(path)} is no list`);
    return [...(list ?? []), ...items];
  });
}

/** Replaces text inside a text; one that is not there fails. */
export function replace(path: Path, before: string | RegExp, after: string): Edit {
  return within(path, (text) => {
    const changed = typeof text === "string" ? text.replace(before, () => after) : text;
    if (changed === text) throw new Error(`${String(path)} does not hold: ${String(before)}`);
    return changed;
  });
}

/** Merges fields into an object. */
export function merge(path: Path, fields: ValueObject): Edit {
  return within(path, (old) => ({ ...(isObject(old) ? old : {}), ...fields }));
}

function update(
  value: Value | undefined,
  [step, ...rest]: readonly Step[],
  edit: Edit,
): Value | undefined {
  if (step === undefined) return edit(value);
  if (typeof step === "number") {
    if (!isArray(value) || step >= value.length) throw new Error(`there is no element ${step}`);
    return value.flatMap((item, index) => {
      const next = index === step ? update(item, rest, edit) : item;
      return next === undefined ? [] : [next];
    });
  }
  if (value !== undefined && !isObject(value)) throw new Error(`${step}: nothing to descend into`);
  const next = update(value?.[step], rest, edit);
  const fields = Object.entries(value ?? {}).filter(([key]) => key !== step);
  return Object.fromEntries(next === undefined ? fields : [...fields, [step, next]]);
}

function steps(path: Path): readonly Step[] {
  if (typeof path !== "string") return path;
  return path
    .split(/[.[\]]+/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
