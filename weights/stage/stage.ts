import { lstat, mkdir, rm, statfs } from "node:fs/promises";
import * as path from "node:path";
import {
  checkpointBytes,
  type Manifest,
  type ManifestFile,
} from "../../components/lib/weights/manifest.ts";
import { openFolder } from "../verify/open.ts";
import { faultsText, speedText } from "../verify/report.ts";
import { verify } from "../verify/verify.ts";
import { fetchFile } from "./fetch-file.ts";
import { makeStaging, publish } from "./folders.ts";
import type { Client } from "./request.ts";

export interface StageRequest {
  readonly manifest: Manifest;
  /** Absolute path of the volume. */
  readonly root: string;
  /** Folder of the model on the volume. */
  readonly folder: string;
  readonly client: Client;
  readonly signal: AbortSignal;
  /** Says one line. */
  readonly say: (line: string) => void;
  /** First pause before a second attempt, milliseconds. @default 1000 */
  readonly pause?: number;
  /** Milliseconds between two lines of progress. @default 10000 */
  readonly interval?: number;
}

/** Weights that could not be staged; the message says all that is wrong. */
export class StageError extends Error {
  override readonly name = "StageError";
}

/** Files that are downloaded at a time: one connection rarely fills a line. */
const parallel = 4;

/**
 * Brings a checkpoint to `root/folder/revision`. Nothing stands there before all of it was verified.
 * @throws StageError, WeightsManifestError, or the signal's reason; what was downloaded stays for the next run
 */
export async function stage(request: StageRequest): Promise<void> {
  const { manifest, root, folder, signal, say } = request;
  const target = path.join(root, folder, manifest.revision);
  const staging = path.join(root, folder, `.staging-${manifest.revision}`);
  await refuseLinks(root, folder);
  if (await isThere(target)) return judgeExisting(manifest, target, say);
  await makeStaging(staging, manifest);
  await (await openFolder(staging)).handle.close();
  await refuseFullVolume(manifest, staging);
  await download(request, staging);
  signal.throwIfAborted();
  say(`verifying ${manifest.files.length} files`);
  const result = await verify(manifest, staging);
  if (result.faults.length > 0) throw await discarded(staging, manifest, result.faults);
  signal.throwIfAborted();
  if (await isThere(target))
    throw new StageError(`${target}: appeared meanwhile; run again to verify it`);
  await publish(staging, manifest, target);
  say(`${target}: staged and verified; ${speedText(result)}`);
}

/** The volume has to be there: what is made in its place would be another disk. */
async function refuseLinks(root: string, folder: string): Promise<void> {
  try {
    await (await openFolder(root)).handle.close();
    const own = path.join(root, folder);
    await mkdir(own, { recursive: true });
    await (await openFolder(own)).handle.close();
  } catch (error) {
    throw new StageError(
      `--into ${root}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function judgeExisting(
  manifest: Manifest,
  target: string,
  say: StageRequest["say"],
): Promise<void> {
  say(`${target}: is there; verifying it`);
  const result = await verify(manifest, target);
  if (result.faults.length > 0) throw new StageError(faultsText(target, result.faults).trimEnd());
  say(`${target}: verified, nothing to do; ${speedText(result)}`);
}

/** What is wrong in the staging folder goes, so that the next run can download it again. */
async function discarded(
  staging: string,
  manifest: Manifest,
  faults: Parameters<typeof faultsText>[1],
): Promise<StageError> {
  const own = new Set(manifest.files.map((file) => file.path));
  for (const { path: name } of faults) {
    if (own.has(name)) await rm(path.join(staging, name), { recursive: true, force: true });
  }
  return new StageError(
    `${faultsText(staging, faults)}files of the manifest that were wrong are removed; run again to download them`,
  );
}

async function refuseFullVolume(manifest: Manifest, staging: string): Promise<void> {
  const present = await Promise.all(
    manifest.files.map(async ({ path: name, bytes }) => {
      const sizes = [
        await sizeOf(path.join(staging, name)),
        await sizeOf(path.join(staging, `${name}.partial`)),
      ];
      return Math.min(bytes, Math.max(0, ...sizes));
    }),
  );
  const wanted = checkpointBytes(manifest) - present.reduce((sum, bytes) => sum + bytes, 0);
  const { bavail, bsize } = await statfs(staging);
  if (bavail * bsize >= wanted) return;
  throw new StageError(
    `${staging}: ${gb(wanted)} GB are still to come and ${gb(bavail * bsize)} GB are free; make room or a larger volume`,
  );
}

async function download(request: StageRequest, staging: string): Promise<void> {
  const { manifest, client, signal, say, pause = 1000, interval = 10_000 } = request;
  const progress = { bytes: 0, files: 0 };
  const total = gb(checkpointBytes(manifest));
  const tell = () =>
    say(
      `${gb(progress.bytes)} of ${total} GB, ${progress.files} of ${manifest.files.length} files`,
    );
  const count = (bytes: number) => {
    progress.bytes += bytes;
  };
  const faults: string[] = [];
  const queue = manifest.files.values();
  const work = async () => {
    for (const file of queue) {
      try {
        if (!(await isWhole(staging, file, count))) {
          await fetchFile(file, path.join(staging, file.path), { client, signal, count, pause });
        }
        progress.files += 1;
      } catch (error) {
        signal.throwIfAborted();
        faults.push(`  ${file.path}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  const timer = setInterval(tell, interval);
  try {
    // All of them end before the reason is told: none writes on behind the caller's back.
    const ends = await Promise.allSettled(Array.from({ length: parallel }, work));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  } finally {
    clearInterval(timer);
  }
  tell();
  if (faults.length === 0) return;
  const heading = `${faults.length} of ${manifest.files.length} files could not be had:`;
  throw new StageError(
    [heading, ...faults, "what was downloaded stays; run again to go on"].join("\n"),
  );
}

/** Whether an earlier run downloaded a file; that it is the right one is found out in the end. */
async function isWhole(
  staging: string,
  file: ManifestFile,
  count: (bytes: number) => void,
): Promise<boolean> {
  const whole = await isThere(path.join(staging, file.path));
  if (whole) count(file.bytes);
  return whole;
}

async function isThere(name: string): Promise<boolean> {
  return (await sizeOf(name)) >= 0;
}

/** Bytes; -1 where there is nothing. */
async function sizeOf(name: string): Promise<number> {
  try {
    return (await lstat(name)).size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return -1;
    throw error;
  }
}

function gb(bytes: number): string {
  return (bytes / 1e9).toFixed(2);
}
