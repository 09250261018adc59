import { z } from "zod";
import { compareText } from "../../components/lib/compare-text.ts";
import type { Precision } from "../../components/lib/models/precision.ts";
import { isLoadable } from "../../components/lib/weights/loadable.ts";
import {
  type Manifest,
  type ManifestFile,
  manifestSchema,
} from "../../components/lib/weights/manifest.ts";
import { askHub, type Hub } from "../model-revision.ts";
import { ReadError } from "../read-error.ts";
import { templateFiles, templateIn } from "./chat-template.ts";
import { type ListedFile, listFiles } from "./file-list.ts";
import { readSmallFile, sha256 } from "./small-file.ts";

/** A checkpoint that a stack serves. */
export interface Checkpoint {
  readonly repository: string;
  readonly revision: string;
  readonly quantisation: Precision;
  /** Of the catalogue, where the model's card names none. */
  readonly licence: string;
}

export interface ReadManifest {
  readonly manifest: Manifest;
  /** Files of the repository that an engine does not need, or that would run code. */
  readonly leftOut: readonly string[];
}

const card = z.looseObject({
  cardData: z
    .looseObject({ license: z.unknown().optional(), license_name: z.unknown().optional() })
    .nullish(),
});

/** What the hub says a checkpoint consists of. @throws ReadError */
export async function readManifestOf(
  hub: Hub,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<ReadManifest> {
  const { repository, revision, quantisation } = checkpoint;
  const all = await listFiles(hub, repository, revision, signal);
  const [wanted, leftOut] = divide(all);
  if (!wanted.some(({ path }) => path.endsWith(".safetensors"))) {
    throw new ReadError(
      `${repository}@${revision}: holds no safetensors; other formats run code where they are loaded`,
      "choose a checkpoint that its publisher offers as safetensors",
    );
  }
  const files: ManifestFile[] = [];
  const texts = new Map<string, string>();
  for (const file of wanted) {
    const template = templateFiles.some((name) => name === file.path);
    if (file.sha256 !== undefined && !template) {
      files.push({ path: file.path, bytes: file.bytes, sha256: file.sha256 });
      continue;
    }
    const contents = await readSmallFile(hub, repository, revision, file, signal);
    files.push({ path: file.path, bytes: file.bytes, sha256: sha256(contents) });
    if (template) texts.set(file.path, contents.toString("utf8"));
  }
  const manifest = manifestSchema.safeParse({
    schema: 1,
    repository,
    revision,
    licence: await licenceOf(hub, checkpoint, signal),
    quantisation,
    chatTemplate: templateOf(checkpoint, texts),
    files: files.toSorted((a, b) => compareText(a.path, b.path)),
  });
  if (manifest.success) return { manifest: manifest.data, leftOut };
  throw new ReadError(
    `${repository}@${revision}: ${z.prettifyError(manifest.error)}`,
    "choose another checkpoint; this one cannot be staged",
  );
}

function divide(all: readonly ListedFile[]): [ListedFile[], string[]] {
  // Not those that leave the folder: they are refused, rather than left out.
  const hidden = (path: string) => /(^|\/)\.[^./]/.test(path);
  const wanted = all.filter(({ path }) => isLoadable(path) && !hidden(path));
  const left = new Set(all.map(({ path }) => path)).difference(
    new Set(wanted.map(({ path }) => path)),
  );
  return [wanted, [...left].toSorted(compareText)];
}

function templateOf(
  { repository, revision }: Checkpoint,
  texts: ReadonlyMap<string, string>,
): Manifest["chatTemplate"] {
  for (const file of templateFiles) {
    const text = texts.get(file);
    if (text === undefined) continue;
    const template = readTemplate(file, text, `${repository}@${revision}`);
    if (template !== undefined) return { file, sha256: sha256(template) };
  }
  return null;
}

function readTemplate(
  file: (typeof templateFiles)[number],
  text: string,
  name: string,
): string | undefined {
  try {
    return templateIn(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReadError(`${name}: ${file}: ${reason}`, "choose another checkpoint");
  }
}

/** As the model's card names it at that commit: `other` has a name of its own beside it. */
async function licenceOf(
  hub: Hub,
  { repository, revision, licence }: Checkpoint,
  signal: AbortSignal,
): Promise<string> {
  const url = `${hub.url}/api/models/${repository}/revision/${revision}`;
  const response = await askHub(url, hub, repository, signal);
  const parsed = card.safeParse(await response.json().catch(() => undefined));
  const { license, license_name: name } = parsed.data?.cardData ?? {};
  const said = license === "other" ? name : license;
  return typeof said === "string" ? said : licence;
}
