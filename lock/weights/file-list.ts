import { z } from "zod";
import { askHub, type Hub } from "../model-revision.ts";
import { ReadError } from "../read-error.ts";

/** A file of a model repository at one commit, as the hub lists it. */
export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of a large file; undefined for one that is stored in Git itself. */
  readonly sha256: string | undefined;
  /** Git's name of a file that is stored in Git itself. */
  readonly blob: string;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const entry = z.looseObject({
  type: z.string(),
  path: z.string(),
  size: z.int().min(0),
  oid: z.string().regex(/^[0-9a-f]{40}$/),
  lfs: z.looseObject({ oid: hash, size: z.int().min(0) }).optional(),
});
const page = z.array(entry);

/** Pages of a list; the hub puts hundreds of files on each. */
const pageLimit = 50;

/** Every file of a commit. @throws ReadError */
export async function listFiles(
  hub: Hub,
  repository: string,
  revision: string,
  signal: AbortSignal,
): Promise<readonly ListedFile[]> {
  const first = `${hub.url}/api/models/${repository}/tree/${revision}?recursive=true`;
  const files: ListedFile[] = [];
  let url: string | undefined = first;
  for (let read = 0; url !== undefined; read += 1) {
    if (read === pageLimit) throw strange(first, `has more than ${pageLimit} pages`);
    const response = await askHub(url, hub, repository, signal);
    const parsed = page.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw strange(url, "answers no list of files");
    files.push(...parsed.data.filter(({ type }) => type === "file").map(listed));
    url = nextPage(response.headers.get("link"), url);
  }
  return files;
}

function listed({ path, size, oid, lfs }: z.infer<typeof entry>): ListedFile {
  return { path, bytes: lfs?.size ?? size, sha256: lfs?.oid, blob: oid };
}

/** Of the same host only: the token goes along. */
function nextPage(link: string | null, from: string): string | undefined {
  const given = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
  if (given === undefined) return undefined;
  const next = URL.canParse(given, from) ? new URL(given, from) : undefined;
  if (next?.origin === new URL(from).origin) return next.href;
  throw strange(from, `says that its list goes on at ${JSON.stringify(given.slice(0, 100))}`);
}

function strange(url: string, what: string): ReadError {
  return new ReadError(`${url}: ${what}`, "find out who answers in the hub's place");
}
