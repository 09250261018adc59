import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { run } from "../lib/run.ts";
import type { Progress } from "../progress.ts";
import type { OfficialFile, OfficialHosts, Tool } from "./table.ts";

const probeTimeout = 2_000;
/** A transfer that brings nothing for this long is given up. */
const stallTimeout = 30_000;

export type Download =
  | { readonly kind: "downloaded"; readonly file: string }
  | { readonly kind: "unavailable"; readonly reason: string };

/**
 * Fetches a tool's official binary into `folder` and checks it against the SHA-256 its project
 * publishes.
 * @throws where the sum differs or the archive cannot be unpacked; being offline is no error.
 */
export async function downloadOfficial(
  tool: Tool,
  official: OfficialFile,
  hosts: OfficialHosts,
  folder: string,
  progress: Progress,
): Promise<Download> {
  const base = hosts[official.host];
  if (!(await isReachable(base)))
    return { kind: "unavailable", reason: `${base} is not reachable` };
  const url = base + official.path;
  const file = join(folder, "download.tmp");
  try {
    const sum = await publishedSum(base + official.checksums, url);
    progress.step(`${tool.name} ${tool.version}: downloading ${url}`);
    const actual = await fetchTo(url, file, (mb) =>
      progress.tick(`${tool.name} ${tool.version}: ${mb} MB downloaded`),
    );
    if (actual !== sum) throw new ChecksumError(tool, url, sum, actual);
  } catch (error) {
    if (error instanceof ChecksumError) throw error;
    return { kind: "unavailable", reason: `${url}: ${messageOf(error)}` };
  }
  return {
    kind: "downloaded",
    file: official.member === undefined ? file : await unpack(file, official.member, folder),
  };
}

class ChecksumError extends Error {
  constructor(tool: Tool, url: string, published: string, actual: string) {
    super(
      `${tool.name} ${tool.version}: ${url} has SHA-256 ${actual}, but ${published} is published; ` +
        "the file was not used. Try again; if it stays, ask who changes files on the way to you",
    );
  }
}

const probes = new Map<string, Promise<boolean>>();

/** Asked once per run: an offline machine should not wait for every tool again. */
function isReachable(base: string): Promise<boolean> {
  const known = probes.get(base);
  if (known !== undefined) return known;
  const probe = fetch(base, {
    method: "HEAD",
    redirect: "manual",
    signal: AbortSignal.timeout(probeTimeout),
  }).then(
    () => true,
    () => false,
  );
  probes.set(base, probe);
  return probe;
}

async function publishedSum(url: string, fileUrl: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(stallTimeout) });
  if (!response.ok) throw new Error(`its checksum file ${url} answers HTTP ${response.status}`);
  const name = fileUrl.slice(fileUrl.lastIndexOf("/") + 1);
  const sum = findSum(await response.text(), name);
  if (sum === undefined) throw new Error(`${url} holds no SHA-256 for ${name}`);
  return sum;
}

/** Reads a bare sum, or the sum of `name` from lines as `sha256sum` prints them. */
export function findSum(text: string, name: string): string | undefined {
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.trim());
  for (const line of lines) {
    const match = /^([0-9a-f]{64})(?:\s+\*?(?:\.\/)?(\S+))?$/i.exec(line);
    if (match === null) continue;
    const [, sum, listed] = match;
    if (listed === name || (listed === undefined && lines.length === 1)) return sum?.toLowerCase();
  }
  return undefined;
}

async function fetchTo(url: string, file: string, onMegabytes: (mb: number) => void) {
  const stalled = new AbortController();
  const giveUp = () =>
    stalled.abort(new Error(`nothing arrived for ${stallTimeout / 1000} seconds`));
  let timer = setTimeout(giveUp, stallTimeout);
  try {
    const response = await fetch(url, { signal: stalled.signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    const hash = createHash("sha256");
    let bytes = 0;
    const measure = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        clearTimeout(timer);
        timer = setTimeout(giveUp, stallTimeout);
        hash.update(chunk);
        bytes += chunk.length;
        onMegabytes(Math.floor(bytes / 1e6));
        yield chunk;
      }
    };
    await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(file));
    return hash.digest("hex");
  } finally {
    clearTimeout(timer);
  }
}

async function unpack(archive: string, member: string, folder: string): Promise<string> {
  const { code, output } = await run("tar", ["-xzf", archive, "-C", folder, member]);
  if (code !== 0) throw new Error(`cannot unpack ${member} from ${archive}: ${output.trim()}`);
  return join(folder, member);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
