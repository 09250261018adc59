import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Manifest, manifestSchema } from "../components/lib/weights/manifest.ts";
import { LockFileError } from "./lock.ts";

/** `example`: made up for a first look, never read from a hub; its hashes are those of the paths' own text. */
const entry = z.strictObject({ example: z.literal(true).optional(), manifest: manifestSchema });

/** Manifests of the checkpoints that stacks serve, by `org/name@revision`; written by `npm run lock`. */
export const weightsLockSchema = z.record(z.string(), entry).superRefine((lock, context) => {
  for (const [key, { manifest }] of Object.entries(lock)) {
    const own = manifestKey(manifest.repository, manifest.revision);
    if (own === key) continue;
    context.addIssue({ code: "custom", path: [key], message: `holds the manifest of ${own}` });
  }
});

export type WeightsLock = z.infer<typeof weightsLockSchema>;

export const weightsLockPath = new URL("../stacks/weights.lock.json", import.meta.url);

/** Name of a manifest in the lock. */
export function manifestKey(repository: string, revision: string): string {
  return `${repository}@${revision}`;
}

/** @throws LockFileError where the file is missing or not a lock */
export function readWeightsLock(path: URL = weightsLockPath): WeightsLock {
  const file = fileURLToPath(path);
  try {
    return parseWeightsLock(readFileSync(path, "utf8"), file);
  } catch (error) {
    if (error instanceof LockFileError) throw error;
    throw new LockFileError(`${file}: cannot be read (${words(error)}); ${remedy}`);
  }
}

/**
 * @param file named in errors
 * @throws LockFileError
 */
export function parseWeightsLock(text: string, file: string): WeightsLock {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new LockFileError(`${file}: is not JSON (${words(error)}); ${remedy}`);
  }
  const parsed = weightsLockSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new LockFileError(
    `${file}: is not a lock of weights\n${z.prettifyError(parsed.error)}\n${remedy}`,
  );
}

/**
 * What a model's weights have to consist of.
 * @param revision commit that stacks/digests.lock.json holds for the repository
 * @throws LockFileError where the lock holds none for that revision
 */
export function pinnedManifest(repository: string, revision: string, lock: WeightsLock): Manifest {
  const found = lock[manifestKey(repository, revision)]?.manifest;
  if (found !== undefined) return found;
  throw new LockFileError(
    `stacks/weights.lock.json lacks ${manifestKey(repository, revision)}; run npm run lock -- --only models on a connected machine`,
  );
}

/** Manifests that no hub was asked for. */
export function exampleManifests(lock: WeightsLock): string[] {
  return Object.entries(lock)
    .filter(([, { example }]) => example === true)
    .map(([key]) => key);
}

const remedy =
  "restore it from version control, or delete it and run npm run lock -- --only models on a connected machine";

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
