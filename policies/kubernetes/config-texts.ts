import { parseAllDocuments } from "yaml";
import { entries, type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { isArray, isObject, type Value } from "../model/value.ts";
import { isKind } from "./api-groups.ts";
import { containersOf, podTemplate } from "./pod-templates.ts";

/** A text of configuration and where it lies: an entry of a ConfigMap or Secret, or a word of a command. */
export interface ConfigText {
  readonly field: Field;
  readonly text: string;
  /** The text as YAML or JSON, one value for each document; `undefined` where it is neither. */
  readonly documents: readonly Field[] | undefined;
}

/** Texts that programs may read as configuration. A Secret that nobody can decrypt holds none. */
export function configTexts(object: KubeObject): readonly ConfigText[] {
  const root = rootField(object.body);
  if (isKind(object, "ConfigMap")) {
    return [...texts(get(root, "data")), ...decoded(get(root, "binaryData"))];
  }
  if (isKind(object, "Secret")) {
    return [...texts(get(root, "stringData")), ...decoded(get(root, "data"))];
  }
  return inlineConfigs(object);
}

function texts(data: Field): readonly ConfigText[] {
  return (entries(data) ?? []).flatMap(([, field]) => {
    const text = textOf(field);
    return text === undefined || isUnreadable(field) ? [] : [configText(field, text)];
  });
}

function decoded(data: Field): readonly ConfigText[] {
  return (entries(data) ?? []).flatMap(([, field]) => {
    const text = textOf(field);
    if (text === undefined || isUnreadable(field)) return [];
    return [configText(field, Buffer.from(text, "base64").toString("utf8"))];
  });
}

/** Envoy takes its whole configuration as the value of a flag. */
function inlineConfigs(object: KubeObject): readonly ConfigText[] {
  const template = podTemplate(object);
  if (template === undefined) return [];
  return containersOf(template).flatMap(({ field }) =>
    ["command", "args"].flatMap((name) => wordsOf(get(field, name)).map(inline)),
  );
}

function wordsOf(list: Field): readonly Field[] {
  if (!isArray(list.value)) return [];
  return list.value.map((value, index) => ({ path: `${list.path}[${index}]`, value }));
}

function inline(word: Field): ConfigText {
  const text = textOf(word) ?? "";
  return configText(word, text.replace(/^--[\w-]+=/, ""));
}

function configText(field: Field, text: string): ConfigText {
  let parsed: readonly Field[] | undefined;
  return {
    field,
    text,
    // Parsed only where a rule asks: most texts are none that it looks for.
    get documents() {
      parsed ??= parse(field, text);
      return parsed;
    },
  };
}

function parse(field: Field, text: string): readonly Field[] | undefined {
  const values = valuesOf(text);
  return values?.map((value, index) => ({
    path: values.length === 1 ? field.path : `${field.path}[${index}]`,
    value,
  }));
}

/** Readings by text: many rules ask for the same few documents, and a proxy's are long. */
const readings = new Map<string, readonly Value[] | undefined>();
/** More long texts than any stack holds; beyond it everything is forgotten. */
const mostReadings = 512;

function valuesOf(text: string): readonly Value[] | undefined {
  if (!readings.has(text)) {
    if (readings.size >= mostReadings) readings.clear();
    readings.set(text, freshlyRead(text));
  }
  return readings.get(text);
}

function freshlyRead(text: string): readonly Value[] | undefined {
  try {
    const documents = [...parseAllDocuments(text)];
    if (documents.some(({ errors }) => errors.length > 0)) return undefined;
    return documents.map((document) => plain(document.toJS({ maxAliasCount: 100 })));
  } catch {
    // An alias that grows without end, for one.
    return undefined;
  }
}

/** Plain data alone: dates, functions and the like become text. */
function plain(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Every object at or below a field, with its own field, from the outside in. */
export function* objectsBelow(field: Field): Generator<Field> {
  if (isObject(field.value)) {
    yield field;
    for (const [, child] of entries(field) ?? []) yield* objectsBelow(child);
  } else if (isArray(field.value)) {
    for (const [index, value] of field.value.entries()) {
      yield* objectsBelow({ path: `${field.path}[${index}]`, value });
    }
  }
}

/** Every place at or below a field that cannot be read. */
export function* unreadableBelow(field: Field): Generator<Field> {
  if (isUnreadable(field)) yield field;
  else if (isArray(field.value)) {
    for (const [index, value] of field.value.entries()) {
      yield* unreadableBelow({ path: `${field.path}[${index}]`, value });
    }
  } else if (isObject(field.value)) {
    for (const [, child] of entries(field) ?? []) yield* unreadableBelow(child);
  }
}

/** Every text at or below a field. */
export function* textsBelow(field: Field): Generator<Field> {
  if (typeof field.value === "string") yield field;
  else if (isArray(field.value)) {
    for (const [index, value] of field.value.entries()) {
      yield* textsBelow({ path: `${field.path}[${index}]`, value });
    }
  } else if (isObject(field.value)) {
    for (const [, child] of entries(field) ?? []) yield* textsBelow(child);
  }
}
