import type { IncomingMessage } from "node:http";
import { FetchError } from "./request.ts";

/** What to do with an answer to a request for the rest of a file. */
export type Answer =
  | { readonly kind: "append" }
  /** The whole file comes, or has to be asked for again: what is there is of no use. */
  | { readonly kind: "whole" }
  | { readonly kind: "again" };

export interface Asked {
  /** For messages. */
  readonly url: string;
  /** Bytes of the whole file. */
  readonly bytes: number;
  /** Where the rest was asked from; 0: everything was asked for. */
  readonly from: number;
  /** Mark of the file's contents at the source, where an earlier answer gave one. */
  readonly etag: string | undefined;
}

/** @throws FetchError where the answer is of no use, now or ever */
export function answerOf({ statusCode = 0, headers }: IncomingMessage, asked: Asked): Answer {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new FetchError(`${asked.url}: comes as ${encoding}, which was not asked for`, false);
  }
  const changed = asked.etag !== undefined && headers.etag !== asked.etag;
  switch (statusCode) {
    case 200:
      refuseLength(asked, headers["content-length"], asked.bytes);
      return { kind: "whole" };
    case 206:
      if (asked.from === 0) break;
      if (changed) return { kind: "again" };
      refuseRange(asked, headers["content-range"]);
      refuseLength(asked, headers["content-length"], asked.bytes - asked.from);
      return { kind: "append" };
    case 416:
      if (asked.from > 0) return { kind: "again" };
      break;
    case 401:
    case 403:
      throw new FetchError(
        `${asked.url}: HTTP ${statusCode}; accept the model's licence at the source and give a token that may read it (--token-file)`,
        false,
      );
    case 404:
    case 410:
      throw new FetchError(
        `${asked.url}: HTTP ${statusCode}; the source does not have it, check --source and the manifest`,
        false,
      );
    default:
      break;
  }
  throw new FetchError(`${asked.url}: HTTP ${statusCode}`, isPassing(statusCode));
}

function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** A source that says its length saves the download; one that does not is found out by the bytes. */
function refuseLength({ url }: Asked, said: string | undefined, wanted: number): void {
  if (said === undefined || Number(said) === wanted) return;
  throw new FetchError(`${url}: has ${said} bytes to send, the manifest leaves ${wanted}`, false);
}

function refuseRange({ url, from, bytes }: Asked, said: string | undefined): void {
  const parts = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(said ?? "");
  if (Number(parts?.[1]) !== from) {
    throw new FetchError(`${url}: sends "${said ?? ""}", asked for from byte ${from}`, false);
  }
  if (parts?.[3] === "*" || Number(parts?.[3]) === bytes) return;
  throw new FetchError(`${url}: has ${parts?.[3]} bytes, the manifest says ${bytes}`, false);
}
