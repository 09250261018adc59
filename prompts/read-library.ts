import { isMap, isNode, isSeq, parseDocument, visit } from "yaml";
import { type Fault, faultsOf } from "../infra/config/faults.ts";
import { findMarkers, type MarkerUse } from "./find-markers.ts";
import { type Library, librarySchema } from "./library.ts";
import { type Place, placesIn } from "./place.ts";

export interface LibraryFault extends Place {
  /** Field, value, reason and remedy. */
  readonly message: string;
}

/** A marker in a value of a library; comments may quote them. */
export interface LibraryMarker extends MarkerUse, Place {
  /** Which prompt holds it. Undefined: none does. */
  readonly prompt: number | undefined;
}

export type ReadLibrary =
  | {
      readonly kind: "library";
      readonly library: Library;
      /** Where each prompt begins. */
      readonly places: readonly Place[];
      readonly markers: readonly LibraryMarker[];
    }
  | {
      readonly kind: "broken";
      readonly faults: readonly LibraryFault[];
      readonly markers: readonly LibraryMarker[];
    }
  | { readonly kind: "other" };

/** Few enough that a file of references cannot grow without end. */
const maximumAliases = 20;

/** A file of YAML as a library, if it says that it is one. */
export function readLibrary(name: string, source: string): ReadLibrary {
  if (!/\.ya?ml$/.test(name) || !/^["']?promptLibrary["']?\s*:/m.test(source)) {
    return { kind: "other" };
  }
  const document = parseDocument(source);
  const placeOf = placesIn(source);
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => ({
      ...placeOf(pos[0]),
      message: `is no YAML: ${message.split("\n", 1)[0] ?? ""}`,
    }));
    return { kind: "broken", faults, markers: [] };
  }
  const markers = markersIn(source, document);
  const value = valueOf(document);
  if ("fault" in value) {
    return { kind: "broken", faults: [{ line: 1, column: 1, message: value.fault }], markers };
  }
  const parsed = librarySchema.safeParse(value.value);
  if (parsed.success) {
    const places = promptNodes(document).map(({ start }) => placeOf(start));
    return { kind: "library", library: parsed.data, places, markers };
  }
  const faults = faultsOf(parsed.error, value.value).map((fault) => ({
    ...placeOf(startOf(document, fault.path)),
    message: `${fieldOf(fault)}: ${fault.message.replace("docs/configuration.md", "docs/prompts.md")}`,
  }));
  return { kind: "broken", faults, markers };
}

type Document = ReturnType<typeof parseDocument>;

function valueOf(document: Document): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: document.toJS({ maxAliasCount: maximumAliases }) };
  } catch {
    return { fault: `refers to more than ${maximumAliases} anchors; write the values out` };
  }
}

function markersIn(source: string, document: Document): LibraryMarker[] {
  const found: LibraryMarker[] = [];
  const prompts = promptNodes(document);
  const placeOf = placesIn(source);
  visit(document, {
    Scalar(_, { value, range }) {
      if (typeof value !== "string" || range == null) return;
      const [from, to] = range;
      const prompt = prompts.findIndex(({ start, end }) => from >= start && from < end);
      let next = from;
      for (const use of findMarkers(value)) {
        // Written with escapes, it is told at the beginning of its value.
        const at = source.indexOf(use.marker.text, next);
        const inside = at >= 0 && at < to;
        if (inside) next = at + 1;
        found.push({
          ...use,
          prompt: prompt < 0 ? undefined : prompt,
          ...placeOf(inside ? at : from),
        });
      }
    },
  });
  return found;
}

/** Where each item of `prompts` begins and ends. */
function promptNodes(document: Document): { readonly start: number; readonly end: number }[] {
  const prompts = isMap(document.contents) ? document.contents.get("prompts", true) : undefined;
  if (!isSeq(prompts)) return [];
  return prompts.items.map((item) => {
    const range = isNode(item) ? item.range : undefined;
    return { start: range?.[0] ?? 0, end: range?.[2] ?? 0 };
  });
}

/** The nearest node above a field that the file has. */
function startOf(document: Document, path: Fault["path"]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return 0;
}

function fieldOf({ path }: Fault): string {
  if (path.length === 0) return "the file";
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`));
  return steps.join("").replace(/^\./, "");
}
