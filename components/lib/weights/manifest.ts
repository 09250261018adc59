import { z } from "zod";
import type { Precision } from "../models/precision.ts";
import { isLoadable, loadableKinds } from "./loadable.ts";

/** Longest manifest that is read, bytes: half of what a ConfigMap holds. A checkpoint of 200 files needs 40 KB. */
export const manifestByteLimit = 512 * 1024;

const fileLimit = 2_000;
/** Bytes of a whole checkpoint: 16 TiB, several times the largest that is published. */
const checkpointByteLimit = 2 ** 44;
const pathLimit = 512;

const quantisations = [
  "bf16",
  "fp8",
  "int8",
  "awq",
  "gptq",
] as const satisfies readonly Precision[];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not 64 lower-case hexadecimal digits");

/**
 * Letters, digits and `._+-`, so that no two ways of writing a name exist, on any file system; a part begins with a
 * letter, a digit or `_`, which rules out `..`, absolute paths and hidden files.
 */
const path = z
  .string()
  .max(pathLimit)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._+-]*(\/[A-Za-z0-9_][A-Za-z0-9._+-]*)*$/,
    "is not a relative path of letters, digits and ._+- whose parts begin with a letter, a digit or _",
  )
  .refine((given) => given.split("/").every((part) => part.length <= 255), {
    error: "has a part of more than 255 characters",
  })
  .refine(isLoadable, { error: `is none of the kinds that are staged: ${loadableKinds}` });

const file = z.strictObject({
  /** Relative to the folder of the checkpoint, with `/`. */
  path,
  bytes: z.int().min(0).max(checkpointByteLimit),
  sha256,
});

/** What one checkpoint consists of, to the last byte; written by `npm run lock`. */
export const manifestSchema = z
  .strictObject({
    schema: z.literal(1),
    repository: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/, "is not org/name"),
    /** Commit of the repository. */
    revision: z.string().regex(/^[0-9a-f]{40}$/, "is not 40 lower-case hexadecimal digits"),
    /** As its publisher names it, such as `apache-2.0`. */
    licence: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 .+-]{0,99}$/, "is no name of a licence"),
    quantisation: z.enum(quantisations),
    /** Null: the checkpoint has none, and prompts are not those of a conversation. */
    chatTemplate: z.strictObject({ file: path, sha256 }).nullable(),
    files: z.array(file).min(1).max(fileLimit),
  })
  .superRefine(({ chatTemplate, files }, context) => {
    for (const message of setFaults(files)) {
      context.addIssue({ code: "custom", path: ["files"], message });
    }
    if (chatTemplate !== null && !files.some((one) => one.path === chatTemplate.file)) {
      const message = `${chatTemplate.file} is not among the files`;
      context.addIssue({ code: "custom", path: ["chatTemplate", "file"], message });
    }
  });

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = Manifest["files"][number];

/** A manifest that cannot be used; the message names where it stands and every fault in it. */
export class WeightsManifestError extends Error {
  override readonly name = "WeightsManifestError";
}

/**
 * @param name of the file, for messages
 * @throws WeightsManifestError
 */
export function parseManifest(text: string, name: string): Manifest {
  const bytes = Buffer.byteLength(text);
  if (bytes > manifestByteLimit) throw new WeightsManifestError(tooLong(name, bytes));
  const parsed = manifestSchema.safeParse(parseJson(text, name));
  if (parsed.success) return parsed.data;
  throw new WeightsManifestError(
    `${name}: is not a manifest of weights\n${z.prettifyError(parsed.error)}\n${remedy}`,
  );
}

/** What is said of a manifest that is not parsed for its length. */
export function tooLong(name: string, bytes: number): string {
  return `${name}: is ${bytes} bytes long, and no manifest of weights exceeds ${manifestByteLimit}; ${remedy}`;
}

/** Bytes of all files together. */
export function checkpointBytes(manifest: Manifest): number {
  return manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
}

const remedy = "write it again with npm run lock -- --only models on a connected machine";

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WeightsManifestError(
      `${name}: is not JSON (${error instanceof Error ? error.message : String(error)}); ${remedy}`,
    );
  }
}

/** Faults between files: names that some file systems hold to be the same, and files in the place of folders. */
function setFaults(files: readonly ManifestFile[]): string[] {
  const faults: string[] = [];
  const taken = new Map<string, string>();
  for (const { path: name } of files) {
    const before = taken.get(name.toLowerCase());
    if (before === name) faults.push(`${name} is listed twice`);
    else if (before !== undefined) faults.push(`${before} and ${name} differ in case alone`);
    else taken.set(name.toLowerCase(), name);
  }
  for (const { path: name } of files) {
    for (const folder of foldersOf(name)) {
      const above = taken.get(folder.toLowerCase());
      if (above !== undefined) faults.push(`${above} is a file, and ${name} needs a folder there`);
    }
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > checkpointByteLimit) {
    faults.push(`the files are ${total} bytes together; the limit is ${checkpointByteLimit}`);
  }
  return faults;
}

/** Folders above a path, from the top. */
export function foldersOf(name: string): string[] {
  const parts = name.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
