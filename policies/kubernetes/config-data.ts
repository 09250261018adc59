import { gunzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import { entries, type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { onceEach } from "../model/once-each.ts";
import { isArray, isObject, type Value, type ValueObject } from "../model/value.ts";
import { isKind } from "./api-groups.ts";

/** One file that a ConfigMap or Secret holds, in the clear. */
export interface ConfigText {
  readonly object: KubeObject;
  /** Name of the file. */
  readonly key: string;
  /** Where it stands in the object. */
  readonly field: Field;
  readonly text: string;
}

/** What a ConfigMap or Secret holds. */
export interface ConfigData {
  readonly texts: readonly ConfigText[];
  /** Files, or whole sections of files, that cannot be read. */
  readonly hidden: readonly { readonly key: string; readonly field: Field }[];
}

/** Objects are read-only, so each is decoded once for all rules. */
const known = new WeakMap<ValueObject, ConfigData>();
const nothing: ConfigData = { texts: [], hidden: [] };

export function configData(object: KubeObject): ConfigData {
  const secret = isKind(object, "Secret");
  if (!secret && !isKind(object, "ConfigMap")) return nothing;
  const before = known.get(object.body);
  if (before !== undefined) return before;
  const root = rootField(object.body);
  const sections = [
    { section: get(root, "data"), encoded: secret },
    { section: get(root, "binaryData"), encoded: true },
    { section: get(root, "stringData"), encoded: false },
  ];
  const texts: ConfigText[] = [];
  const hidden: { key: string; field: Field }[] = [];
  for (const { section, encoded } of sections) {
    const files = entries(section);
    if (files === undefined) hidden.push({ key: "", field: section });
    for (const [key, field] of files ?? []) {
      const text = textOf(field);
      if (isUnreadable(field) || (text === undefined && field.value !== undefined)) {
        hidden.push({ key, field });
      } else if (text !== undefined) {
        texts.push({ object, key, field, text: encoded ? decoded(text) : text });
      }
    }
  }
  const data = { texts, hidden };
  known.set(object.body, data);
  return data;
}

const gzipMagic = 0x1f8b;
/** Bytes; an API object cannot hold more than a fraction of it. */
const largestFile = 32 * 1024 * 1024;

function decoded(text: string): string {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== gzipMagic) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: largestFile }).toString("utf8");
  } catch {
    return bytes.toString("utf8");
  }
}

/**
 * The YAML or JSON documents of a file, each as a field below the file's own; a file that is neither is
 * one unreadable field.
 */
export const documentsOf = onceEach((file: ConfigText): readonly Field[] =>
  parseText(file.text, file.field.path),
);

/** The same for a text that stands anywhere else. */
export function parseText(text: string, path: string): readonly Field[] {
  try {
    return values(text).map((value) => ({ path, value }));
  } catch {
    // Reads as unknown: nobody can say what the program makes of it.
    return [malformedFile(path)];
  }
}

function malformedFile(path: string): Field {
  return { ...get({ path, value: "" }, "document"), malformed: "is neither YAML nor JSON" };
}

function values(text: string): readonly Value[] {
  // Large dashboards are JSON, which the engine's own parser reads many times faster.
  if (/^\s*[{[]/.test(text)) {
    try {
      return [plain(JSON.parse(text))];
    } catch {
      // A flow mapping of YAML begins the same way.
    }
  }
  return parseAllDocuments(text, { merge: true, uniqueKeys: false }).map((document) => {
    if (document.errors.length > 0) throw new Error("no YAML");
    return plain(document.toJS());
  });
}

/** Data of a parser as plain values. */
function plain(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object") return null;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** The last value at a path of keys below a field, each compared without regard to case. */
export function lookUp(field: Field, ...keys: readonly string[]): Field {
  return keys.reduce((here, key) => {
    const exact = get(here, key);
    if (exact.value !== undefined || !isObject(here.value)) return exact;
    const other = entries(here)?.find(([name]) => name.toLowerCase() === key.toLowerCase());
    return other?.[1] ?? exact;
  }, field);
}

/** Every leaf below a field with the name that it stands under; elements bear the name of their list. */
export function leaves(field: Field, name = ""): readonly (readonly [string, Field])[] {
  if (isArray(field.value)) {
    return field.value.flatMap((value, index) =>
      leaves({ path: `${field.path}[${index}]`, value: value ?? undefined }, name),
    );
  }
  if (!isObject(field.value)) return field.value === undefined ? [] : [[name, field]];
  return (entries(field) ?? []).flatMap(([key, each]) => leaves(each, key));
}
