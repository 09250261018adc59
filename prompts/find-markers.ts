import { type Marker, markers, sequenceMarkers } from "./markers.ts";

/** A marker and where it begins. */
export interface MarkerUse {
  readonly marker: Marker;
  /** Index of its first character in the text. */
  readonly index: number;
}

/** Markers in a text, in order. A section `[INST]` that fills a line of an INI file is none: `sections`. */
export function findMarkers(text: string, sections = false): MarkerUse[] {
  const sure = markers.flatMap((marker) =>
    indexesOf(text, marker.text)
      .filter((index) => !(sections && fillsLine(text, index, marker.text.length)))
      .map((index) => ({ marker, index })),
  );
  return [...sure, ...sequenceUses(text)].toSorted((a, b) => a.index - b.index);
}

function indexesOf(text: string, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) {
    found.push(at);
  }
  return found;
}

function fillsLine(text: string, index: number, length: number): boolean {
  const start = text.lastIndexOf("\n", index - 1) + 1;
  const end = text.indexOf("\n", index);
  return text.slice(start, end < 0 ? text.length : end).trim().length === length;
}

/**
 * `<s>` and `</s>` that are not a pair of struck text: one without the other, or a pair around another marker.
 * `Vec<s>` and the like are types.
 */
function sequenceUses(text: string): MarkerUse[] {
  const uses: MarkerUse[] = [];
  let opened: { readonly index: number; readonly bare: boolean } | undefined;
  const open = () => {
    if (opened?.bare === true) uses.push({ marker: sequenceMarkers["<s>"], index: opened.index });
  };
  for (const { 0: tag, index } of text.matchAll(/(?<!\w)<s(?:\s[^<>]{0,200})?>|<\/s>/g)) {
    if (tag !== "</s>") {
      open();
      opened = { index, bare: tag === "<s>" };
      continue;
    }
    const from = opened?.index;
    const around = from !== undefined && holdsMarker(text.slice(from, index));
    if (around) open();
    if (around || from === undefined) uses.push({ marker: sequenceMarkers["</s>"], index });
    opened = undefined;
  }
  open();
  return uses;
}

function holdsMarker(text: string): boolean {
  return markers.some((marker) => text.includes(marker.text));
}
