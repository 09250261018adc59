import {
  type Document,
  isMap,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from "yaml";
import { apiServerYaml } from "../yaml.ts";

/** One object of a file, as plain data. */
export interface ParsedObject {
  readonly value: unknown;
  /** 1-based line on which it starts. */
  readonly line: number;
}

export interface ParseProblem {
  readonly line: number;
  readonly reason: string;
}

export interface ParsedFile {
  readonly objects: readonly ParsedObject[];
  readonly problems: readonly ParseProblem[];
}

/** More aliases than any manifest written by hand; stops documents that unfold without end. */
const maxAliases = 100;

/** Objects of a YAML or JSON text. */
export function parseObjects(text: string): ParsedFile {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    ...apiServerYaml,
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  if (!Array.isArray(documents)) return { objects: [], problems: [] };
  const parsed = documents.map((document) => readDocument(document, lines));
  return {
    objects: parsed.flatMap((each) => each.objects),
    problems: parsed.flatMap((each) => each.problems),
  };
}

function readDocument(document: Document.Parsed, lines: LineCounter): ParsedFile {
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    line: lineOf(error.pos[0], lines),
    reason: error.message.split("\n", 1)[0] ?? error.message,
  }));
  const { contents } = document;
  const odd = oddKey(document);
  if (odd !== undefined) {
    problems.push({ line: lineOf(odd, lines), reason: "a list or an object stands as a key" });
  }
  if (problems.length > 0 || contents === null) return { objects: [], problems };
  const line = lineOf(contents.range[0], lines);
  try {
    const value: unknown = document.toJS({ maxAliasCount: maxAliases });
    if (value === null) return { objects: [], problems: [] };
    return { objects: split(value, contents, line, lines), problems: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { objects: [], problems: [{ line, reason }] };
  }
}

/** Offset of a key that JSON cannot hold; an unrendered template reads as one. */
function oddKey(document: Document.Parsed): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Pair: (_, { key }) => {
      if (!isMap(key) && !isSeq(key)) return undefined;
      offset = key.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** Takes lists apart: a plain list of objects, and the kind `List` of the API. */
function split(
  value: unknown,
  node: Node | null,
  line: number,
  lines: LineCounter,
): readonly ParsedObject[] {
  const items = itemsOf(value);
  if (items === undefined) return [{ value, line }];
  const nodes = isSeq(node) ? node.items : isMap(node) ? itemNodes(node.get("items", true)) : [];
  return items.flatMap((item, index) => {
    const own = nodes[index];
    const at = isMap(own) && own.range ? lineOf(own.range[0], lines) : line;
    return split(item, isMap(own) || isSeq(own) ? own : null, at, lines);
  });
}

/**
 * Kubernetes' clients take any object with a list under `items` for a list, whatever its kind says. A
 * typed one (`PodList`) stays whole: its items may leave out what the list says of them.
 */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return undefined;
  const typed = "kind" in value && typeof value.kind === "string" && /.List$/.test(value.kind);
  return !typed && "items" in value && Array.isArray(value.items) ? value.items : undefined;
}

function itemNodes(node: unknown): readonly unknown[] {
  return isSeq(node) ? node.items : [];
}

function lineOf(offset: number, lines: LineCounter): number {
  return Math.max(lines.linePos(offset).line, 1);
}
