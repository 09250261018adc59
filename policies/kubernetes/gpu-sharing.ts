import { parseAllDocuments } from "yaml";
import { isArray, isObject, type Value, type ValueObject } from "../model/value.ts";

/** How one GPU is given to several pods; "unreadable": nobody can tell. */
export type Sharing = "time-slicing" | "MPS" | "unreadable";

/** Texts that may ask for it; parsing all others would cost more than it finds. */
const suspicious = /time-?slicing|\bmps\b/i;

/** Sharing that a configuration of NVIDIA's device plugin asks for, wherever it lies in a value. */
export function sharingIn(value: Value | undefined): Sharing | undefined {
  if (typeof value === "string") return suspicious.test(value) ? inText(value) : undefined;
  if (isArray(value)) return first(value.map(sharingIn));
  if (!isObject(value)) return undefined;
  return first(
    Object.entries(value).map(([key, part]) =>
      isName(key, "sharing") && isObject(part) ? sharingOf(part) : sharingIn(part),
    ),
  );
}

/** The same for a text that the device plugin is known to read: it has to be readable as a whole. */
export function sharingOfConfig(text: Value | undefined): Sharing | undefined {
  return typeof text === "string" ? inText(text) : "unreadable";
}

function inText(text: string): Sharing | undefined {
  try {
    // The plugin's parser lets a name stand twice.
    const documents = parseAllDocuments(text, {
      version: "1.1",
      merge: true,
      uniqueKeys: false,
      logLevel: "silent",
    });
    if (documents.some((document) => document.errors.length > 0)) return "unreadable";
    return first(documents.map((document) => sharingIn(plain(document.toJS()))));
  } catch {
    return "unreadable";
  }
}

/** What a parser returns, as far as it is plain data. */
function plain(value: unknown): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  }
  // Text inside the document is not looked at again, so that nothing is parsed for ever.
  return typeof value === "boolean" || typeof value === "number" ? value : null;
}

function sharingOf(sharing: ValueObject): Sharing | undefined {
  return first(
    Object.entries(sharing).map(([key, part]) => {
      if (isName(key, "mps")) return shares(part) ? "MPS" : undefined;
      return isName(key, "timeSlicing") && shares(part) ? "time-slicing" : undefined;
    }),
  );
}

/** Whether more than one pod gets some resource; a section that names none shares nothing. */
function shares(section: Value | undefined): boolean {
  if (!isObject(section)) return section !== undefined && section !== null;
  const list = field(section, "resources");
  if (!isArray(list)) return list !== undefined && list !== null;
  return list.some((item) => !isObject(item) || field(item, "replicas") !== 1);
}

/** The plugin takes names of fields in any case. */
function field(object: ValueObject, name: string): Value | undefined {
  return Object.entries(object).find(([key]) => isName(key, name))?.[1];
}

function isName(key: string, name: string): boolean {
  return key.toLowerCase() === name.toLowerCase();
}

function first(found: readonly (Sharing | undefined)[]): Sharing | undefined {
  return found.find((each) => each !== undefined);
}
