import {
  elements,
  entries,
  type Field,
  get,
  isUnreadable,
  textOf,
  whyUnreadable,
} from "../../model/field.ts";

/** Something in an object that the API server would refuse, or that cannot be read. */
export interface Fault {
  readonly path: string;
  readonly reason: string;
}

/** Collects what is wrong while an object is read, so that all faults are told at once. */
export class Faults {
  readonly all: Fault[] = [];

  add(field: Field, reason: string): void {
    this.all.push({ path: field.path, reason });
  }

  /** Whether the field can be read; a fault where it cannot. */
  readable(field: Field): boolean {
    if (!isUnreadable(field)) return true;
    this.add(field, whyUnreadable(field));
    return false;
  }

  /** The fields of an object, each of which must be one of `known`. */
  object(field: Field, known: ReadonlySet<string>): void {
    if (!this.readable(field) || field.value === undefined) return;
    const parts = entries(field);
    if (parts === undefined) return this.add(field, "is no object");
    for (const [name, part] of parts) {
      // The engine keeps notes of its own beside the fields of an object; the API server never sees them.
      if (field.path === "" && name.startsWith("__")) continue;
      if (!known.has(name)) this.add(part, `is no field of it; known are ${[...known].join(", ")}`);
    }
  }

  /** The elements of a list; a fault where there is another thing. */
  list(field: Field): readonly Field[] {
    const found = elements(field);
    // What is no list comes back as one element at the place of the list itself.
    if (found.length === 1 && found[0]?.path === field.path) {
      this.readable(found[0]);
      return [];
    }
    return found;
  }

  /** The text of a field; `undefined`, with a fault where anything else stands there. */
  text(field: Field): string | undefined {
    if (!this.readable(field) || field.value === undefined) return undefined;
    const text = textOf(field);
    if (text === undefined) this.add(field, "is no text");
    return text;
  }

  /** A whole number within bounds; `undefined`, with a fault where anything else stands there. */
  whole(field: Field, least: number, most: number): number | undefined {
    if (!this.readable(field) || field.value === undefined) return undefined;
    const { value } = field;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) {
      return value;
    }
    this.add(field, `is no whole number from ${least} to ${most}`);
    return undefined;
  }
}

const metadataFields = new Set([
  "annotations",
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "finalizers",
  "generateName",
  "generation",
  "labels",
  "managedFields",
  "name",
  "namespace",
  "ownerReferences",
  "resourceVersion",
  "selfLink",
  "uid",
]);

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * What an API server asks of every object's metadata.
 * @param named whether the object has to name itself; the engine names what a program leaves unnamed
 */
export function checkMetadata(root: Field, named: boolean, faults: Faults): void {
  const metadata = get(root, "metadata");
  faults.object(metadata, metadataFields);
  if (isUnreadable(metadata)) return;
  const name = get(metadata, "name");
  const text = faults.text(name);
  if (text !== undefined && (!subdomain.test(text) || text.length > 253)) {
    faults.add(
      name,
      `"${text.slice(0, 80)}" is no name of lower-case letters, digits, "-" and "."`,
    );
  }
  const generated = get(metadata, "generateName").value !== undefined;
  if (named && name.value === undefined && !generated) faults.add(name, "is absent");
  faults.text(get(metadata, "namespace"));
}
