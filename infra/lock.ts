import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { PinnedImage } from "../components/lib/images.ts";
import { type ChartVersion, type ImageName, type ImageVersion, images } from "./versions.ts";

export const digestSchema = z.templateLiteral(["sha256:", z.string().regex(/^[0-9a-f]{64}$/)]);

/** Commit of a model repository, 40 hexadecimal digits. */
export const revisionSchema = z.string().regex(/^[0-9a-f]{40}$/);

/** `example`: made up for a first look, never read from a registry. */
const entry = z.strictObject({ digest: digestSchema, example: z.literal(true).optional() });
const model = z.strictObject({ revision: revisionSchema, example: z.literal(true).optional() });

/**
 * The digest lock: what `npm run lock` read for every name in versions.ts and for every model. Where
 * and when it was read is left out: a digest names the same bytes wherever they come from, so a second
 * run that finds nothing new writes the same file; who changed it and when is in the history.
 */
export const lockSchema = z.strictObject({
  images: z.record(z.string(), entry),
  charts: z.record(z.string(), entry),
  models: z.record(z.string(), model),
});

export type Lock = z.infer<typeof lockSchema>;

export const lockPath = new URL("../stacks/digests.lock.json", import.meta.url);

/** A lock file that cannot be used; the message names the file and every fault in it. */
export class LockFileError extends Error {
  override readonly name = "LockFileError";
}

/** @throws LockFileError where the file is missing or not a lock */
export function readLock(path: URL = lockPath): Lock {
  const file = fileURLToPath(path);
  try {
    return parseLock(readFileSync(path, "utf8"), file);
  } catch (error) {
    if (error instanceof LockFileError) throw error;
    throw new LockFileError(
      `${file}: cannot be read (${error instanceof Error ? error.message : String(error)}); restore it ` +
        "from version control, or run npm run lock on a connected machine",
    );
  }
}

/**
 * @param file named in errors
 * @throws LockFileError
 */
export function parseLock(text: string, file: string): Lock {
  const remedy =
    "restore it from version control, or delete it and run npm run lock on a connected machine";
  const parsed = lockSchema.safeParse(parseJson(text, file, remedy));
  if (parsed.success) return parsed.data;
  throw new LockFileError(
    `${file}: is not a digest lock\n${z.prettifyError(parsed.error)}\n${remedy}`,
  );
}

function parseJson(text: string, file: string, remedy: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LockFileError(
      `${file}: is not JSON (${error instanceof Error ? error.message : String(error)}); ${remedy}`,
    );
  }
}

export function imageKey(image: ImageVersion): string {
  return `${image.repository}:${image.tag}`;
}

export function chartKey(chart: ChartVersion): string {
  return `${chart.repository}/${chart.chart}:${chart.version}`;
}

type PinnedImages = Record<ImageName, PinnedImage>;

/** Every image of versions.ts with its digest; all that the lock lacks are named at once. */
export function pinnedImages(lock: Lock): PinnedImages {
  const pinned: Partial<PinnedImages> = Object.fromEntries(
    Object.entries(images).flatMap(([name, image]) => {
      const digest = lock.images[imageKey(image)]?.digest;
      return digest === undefined ? [] : [[name, { ...image, digest }]];
    }),
  );
  if (holdsAll(pinned)) return pinned;
  const missing = Object.values(images)
    .map(imageKey)
    .filter((key) => lock.images[key] === undefined);
  throw new Error(
    `the digest lock lacks ${missing.join(", ")}; run npm run lock on a connected machine`,
  );
}

function holdsAll(pinned: Partial<PinnedImages>): pinned is PinnedImages {
  return Object.keys(images).every((name) => name in pinned);
}

/**
 * Commit at which a model's weights are staged.
 * @param repository model repository, such as `meta-llama/Meta-Llama-3-70B-Instruct`
 */
export function pinnedRevision(lock: Lock, repository: string): string {
  const revision = lock.models[repository]?.revision;
  if (revision !== undefined) return revision;
  throw new Error(
    `the digest lock lacks model ${repository}; run npm run lock on a connected machine`,
  );
}

/**
 * Names whose digest was never read.
 * @param unused images that do not count, since the stack in question never pulls them
 */
export function exampleEntries(lock: Lock, unused: readonly ImageVersion[] = []): string[] {
  const ignored = new Set(unused.map(imageKey));
  return [lock.images, lock.charts, lock.models]
    .flatMap((entries) => Object.entries(entries))
    .filter(([key, locked]) => locked.example === true && !ignored.has(key))
    .map(([key]) => key);
}
