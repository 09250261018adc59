import { chmod, rename } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ManifestFile } from "../../components/lib/weights/manifest.ts";
import { answerOf } from "./answer.ts";
import { append, openPartial, type Partial, startOver } from "./partial.ts";
import { type Client, FetchError } from "./request.ts";
import { urlOf, withoutSecrets } from "./source.ts";

export interface FetchOptions {
  readonly client: Client;
  readonly signal: AbortSignal;
  /** Told of every byte that is there, with the sign of what is discarded. */
  readonly count: (bytes: number) => void;
  /** First pause between two attempts, milliseconds; each pause is twice the one before, up to 30 s. */
  readonly pause: number;
}

const attemptLimit = 6;
const longestPause = 30_000;

/**
 * Downloads one file, beginning where an earlier run stopped, and gives it its name when it is whole.
 * @param to absolute path
 * @throws FetchError, or the signal's reason
 */
export async function fetchFile(
  file: ManifestFile,
  to: string,
  options: FetchOptions,
): Promise<void> {
  const partial = await openPartial(`${to}.partial`, file.bytes);
  options.count(partial.length);
  try {
    // What an earlier run left may be of other contents; then once more from the beginning.
    const resumed = partial.length > 0;
    await complete(file, partial, options);
    if (digestOf(partial) !== file.sha256 && resumed) {
      await discard(partial, options);
      await complete(file, partial, options);
    }
    if (digestOf(partial) !== file.sha256) {
      const { href } = urlOf(options.client.source, file.path);
      const sha256 = digestOf(partial);
      await discard(partial, options);
      throw new FetchError(
        `${href}: sent other bytes: their SHA-256 is ${sha256}, the manifest says ${file.sha256}`,
        false,
      );
    }
    await partial.handle.sync();
  } finally {
    await partial.handle.close();
  }
  await chmod(`${to}.partial`, 0o444);
  await rename(`${to}.partial`, to);
}

/** Brings a partial file to its length; attempts are bounded, also where each brings a little. */
async function complete(
  file: ManifestFile,
  partial: Partial,
  options: FetchOptions,
): Promise<void> {
  const { signal, pause } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (partial.length < file.bytes) await fetchRest(file, partial, options);
      if (partial.length === file.bytes) return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof FetchError) || !error.passing || attempt === attemptLimit) throw error;
      await sleep(Math.min(pause * 2 ** (attempt - 1), longestPause), undefined, { signal });
      continue;
    }
    if (attempt === attemptLimit) {
      throw new FetchError(`${file.path}: not whole after ${attemptLimit} attempts`, false);
    }
  }
}

async function fetchRest(
  file: ManifestFile,
  partial: Partial,
  options: FetchOptions,
): Promise<void> {
  const { client, signal } = options;
  const url = urlOf(client.source, file.path);
  const { length: from, etag } = partial;
  const headers = {
    "accept-encoding": "identity",
    ...(from === 0 ? {} : { range: `bytes=${from}-` }),
    ...(from === 0 || etag === undefined ? {} : { "if-range": etag }),
  };
  const response = await client.get(url, headers, signal);
  try {
    const answer = answerOf(response, { url: withoutSecrets(url), bytes: file.bytes, from, etag });
    if (answer.kind !== "append") await discard(partial, options);
    if (answer.kind === "again") return;
    partial.etag = strongMark(response.headers.etag);
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) throw new Error("unreachable");
      if (partial.length + chunk.length > file.bytes) {
        throw new FetchError(`${withoutSecrets(url)}: sends more than ${file.bytes} bytes`, false);
      }
      await append(partial, chunk);
      options.count(chunk.length);
    }
  } catch (error) {
    throw error instanceof FetchError ? error : cutOff(withoutSecrets(url), error);
  } finally {
    response.destroy();
  }
}

/** A weak one says that contents are alike, not that they are the same bytes. */
function strongMark(etag: string | undefined): string | undefined {
  return etag?.startsWith("W/") === true ? undefined : etag;
}

function cutOff(url: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  // A full or read-only disk stays so.
  const passing = !(
    "code" in error && /^(ENOSPC|EROFS|EIO|EDQUOT|EACCES)$/.test(String(error.code))
  );
  return new FetchError(`${url}: ${error.message}`, passing);
}

async function discard(partial: Partial, { count }: FetchOptions): Promise<void> {
  count(-partial.length);
  await startOver(partial);
}

function digestOf({ hash }: Partial): string {
  return hash.copy().digest("hex");
}
