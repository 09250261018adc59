import { longestConversationOf } from "./conversation.ts";
import { findMarkers } from "./find-markers.ts";
import type { Prompt } from "./library.ts";
import type { Marker } from "./markers.ts";
import { type Place, placesIn } from "./place.ts";
import { type ReadLibrary, readLibrary } from "./read-library.ts";
import { type Rendered, render } from "./render.ts";
import { shown } from "./shown.ts";
import type { ChatTemplate } from "./template.ts";
import { contextFault, tokenBound } from "./token-bound.ts";

export interface Finding extends Place {
  readonly file: string;
  readonly rule: "marker" | "library" | "tools" | "template" | "context";
  /** Id of the prompt in a library. */
  readonly prompt?: string;
  readonly message: string;
}

export interface SourceFile {
  /** As the user may find it. */
  readonly name: string;
  readonly text: string;
}

/** A model that prompts shall work with. */
export interface TargetModel {
  readonly id: string;
  readonly template: ChatTemplate;
  readonly contextTokens: number;
  readonly callsTools: boolean;
}

export interface PromptReport {
  readonly libraries: number;
  readonly prompts: number;
  /** Prompts without a finding. */
  readonly unchanged: number;
  /** Files that are no library. */
  readonly otherFiles: number;
  readonly findings: readonly Finding[];
}

/** Prompts of libraries, and markers in every other text. */
export async function checkPrompts(
  files: readonly SourceFile[],
  model: TargetModel | undefined,
): Promise<PromptReport> {
  const read = files.map((file) => ({ ...file, content: readLibrary(file.name, file.text) }));
  const findings: Finding[] = [];
  const sound: PromptPlace[] = [];
  let libraries = 0;
  for (const { name, text, content } of read) {
    if (content.kind === "other") findings.push(...textFindings(name, text));
    else findings.push(...libraryFindings(name, content));
    if (content.kind === "library") {
      libraries += 1;
      sound.push(...promptsOf(name, content));
    }
  }
  findings.push(...idFindings(sound));
  if (model !== undefined) findings.push(...(await modelFindings(sound, model)));
  const changed = ({ file, prompt }: PromptPlace) =>
    findings.some((finding) => finding.file === file && finding.prompt === prompt.id);
  return {
    libraries,
    prompts: sound.length,
    unchanged: sound.filter((each) => !changed(each)).length,
    otherFiles: read.filter(({ content }) => content.kind === "other").length,
    findings: findings.toSorted(byPlace),
  };
}

/** A prompt and where it begins. */
interface PromptPlace extends Place {
  readonly file: string;
  readonly prompt: Prompt;
}

function promptsOf(
  file: string,
  { library, places }: Extract<ReadLibrary, { kind: "library" }>,
): PromptPlace[] {
  return library.prompts.map((prompt, index) => ({
    file,
    prompt,
    ...(places[index] ?? { line: 1, column: 1 }),
  }));
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function markerMessage({ text, format, remedy }: Marker): string {
  return `${text} belongs to the format of ${format}; ${remedy}`;
}

function textFindings(file: string, text: string): Finding[] {
  const sections = /\.(?:ini|cfg|conf|toml)$/.test(file);
  const placeOf = placesIn(text);
  return findMarkers(text, sections).map(({ marker, index }) => ({
    file,
    ...placeOf(index),
    rule: "marker",
    message: markerMessage(marker),
  }));
}

function libraryFindings(
  file: string,
  content: Exclude<ReadLibrary, { kind: "other" }>,
): Finding[] {
  const ids = content.kind === "library" ? content.library.prompts.map(({ id }) => id) : [];
  const faults = content.kind === "broken" ? content.faults : [];
  return [
    ...faults.map((fault): Finding => ({ file, ...fault, rule: "library" })),
    ...content.markers.map(({ marker, line, column, prompt }): Finding => {
      const id = prompt === undefined ? undefined : ids[prompt];
      return {
        file,
        line,
        column,
        rule: "marker",
        ...(id === undefined ? {} : { prompt: id }),
        message: markerMessage(marker),
      };
    }),
  ];
}

/** An id of two files: nobody could say which prompt is meant. */
function idFindings(prompts: readonly PromptPlace[]): Finding[] {
  const first = new Map<string, string>();
  return prompts.flatMap(({ file, line, column, prompt: { id } }): Finding[] => {
    const other = first.get(id);
    if (other === undefined) first.set(id, file);
    if (other === undefined || other === file) return [];
    const message = `the id is that of a prompt in ${other} already; choose another`;
    return [{ file, line, column, rule: "library", prompt: id, message }];
  });
}

async function modelFindings(
  prompts: readonly PromptPlace[],
  model: TargetModel,
): Promise<Finding[]> {
  const rendered = await render(
    model.template,
    prompts.map(({ prompt }) => longestConversationOf(prompt)),
  );
  return prompts.flatMap((prompt, index) => {
    const text = rendered[index];
    return text === undefined ? [] : ofPrompt(prompt, text, model);
  });
}

function ofPrompt(
  { file, line, column, prompt }: PromptPlace,
  rendered: Rendered,
  model: TargetModel,
): Finding[] {
  const at = { file, line, column, prompt: prompt.id };
  const found: Finding[] = [];
  if (prompt.tools.length > 0 && !model.callsTools) {
    const message = `${model.id} was not trained to call tools, and its engine refuses requests with them; remove tools, or choose a model with a parser (docs/models.md)`;
    found.push({ ...at, rule: "tools", message });
  }
  if ("refused" in rendered) {
    const message = `the template of ${model.id} refuses the conversation: ${shown(rendered.refused, 200)}; change its roles or their order`;
    return [...found, { ...at, rule: "template", message }];
  }
  const fault = contextFault(tokenBound(prompt, rendered.text), model.contextTokens);
  return fault === undefined ? found : [...found, { ...at, rule: "context", message: fault }];
}
