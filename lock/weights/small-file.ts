import { createHash } from "node:crypto";
import { askHub, type Hub } from "../model-revision.ts";
import { ReadError } from "../read-error.ts";
import type { ListedFile } from "./file-list.ts";

/** What is downloaded to be looked at, bytes; vocabularies reach 20 MB. */
const limit = 64 * 1024 * 1024;

/**
 * Contents of a file, compared with the name that the list has for them: SHA-256, or the one by which Git knows them.
 * @throws ReadError
 */
export async function readSmallFile(
  hub: Hub,
  repository: string,
  revision: string,
  file: ListedFile,
  signal: AbortSignal,
): Promise<Buffer> {
  const encoded = file.path.split("/").map(encodeURIComponent).join("/");
  const url = `${hub.url}/${repository}/resolve/${revision}/${encoded}`;
  if (file.bytes > limit) {
    throw new ReadError(
      `${url}: has ${file.bytes} bytes and no SHA-256 in the hub's list; ${limit} are downloaded to take one`,
      "ask the repository's owner to store it as a large file",
    );
  }
  const response = await askHub(url, hub, repository, signal);
  const contents = await bounded(response, file.bytes);
  const own = file.sha256 ?? file.blob;
  const read = file.sha256 === undefined ? blobName(contents) : sha256(contents);
  if (contents.length === file.bytes && read === own) return contents;
  throw new ReadError(
    `${url}: is not what the hub lists: ${contents.length} bytes named ${read}, and not ${file.bytes} named ${own}`,
    "try again; if it stays, find out who answers in the hub's place",
  );
}

/** No more than one byte over what is expected. */
async function bounded(response: Response, bytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes + 1);
}

/** Git's name of contents. */
function blobName(contents: Buffer): string {
  return createHash("sha1").update(`blob ${contents.length}\0`).update(contents).digest("hex");
}

export function sha256(contents: Buffer | string): string {
  return createHash("sha256").update(contents).digest("hex");
}
