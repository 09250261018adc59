import type { Digest } from "../components/lib/images.ts";
import { digestSchema } from "../infra/lock.ts";
import { execute, lastWords } from "./execute.ts";
import { ReadError } from "./read-error.ts";
import { remedyFor } from "./remedies.ts";

export interface Crane {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Digest of the manifest, or of the list of manifests, that a tag points at. Credentials are those of
 * the user's Docker configuration.
 * @param reference host, repository and tag
 * @param insecure also over HTTP, or with a certificate that does not fit
 * @throws ReadError
 */
export async function readTagDigest(
  crane: Crane,
  reference: string,
  insecure: boolean,
  signal: AbortSignal,
): Promise<Digest> {
  const args = ["digest", ...(insecure ? ["--insecure"] : []), reference];
  const { succeeded, stdout, stderr } = await execute(crane.program, args, crane.env, signal);
  if (!succeeded) {
    const words = lastWords(stderr);
    const host = reference.split("/")[0] ?? reference;
    throw new ReadError(`${reference}: ${words}`, remedyFor(words, host, reference));
  }
  return acceptDigest(stdout.trim(), reference);
}

/** @throws ReadError where `given` is not `sha256:` and 64 hexadecimal digits */
export function acceptDigest(given: string, name: string): Digest {
  const parsed = digestSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ReadError(
    `${name}: answered ${JSON.stringify(given.slice(0, 100))}, which is not sha256: and 64 hexadecimal digits`,
    "find out who answers in the registry's place; nothing else is accepted as a digest",
  );
}
