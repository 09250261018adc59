import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { readIfPresent } from "../tools/cluster/lib/files.ts";
import { type RecordingName, type Recordings, recordings } from "./recordings.ts";

/** Names of the folders in a folder, sorted. */
export async function hostFolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
}

/** The recordings of one host; what is not there is left out. */
export async function readRecordings(folder: string): Promise<Recordings> {
  const found: Partial<Record<RecordingName, string>> = {};
  for (const name of Object.keys(recordings).filter(isRecording)) {
    const text = await readIfPresent(path.join(folder, recordings[name].file));
    if (text !== undefined) found[name] = text;
  }
  return found;
}

function isRecording(name: string): name is RecordingName {
  return Object.hasOwn(recordings, name);
}
