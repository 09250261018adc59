import { readFileSync } from "node:fs";
import * as path from "node:path";
import { gpuFacts } from "../../../components/lib/gpus.ts";
import type { ExpectedHost } from "../../../preflight/expected.ts";
import { type RecordingName, type Recordings, recordings } from "../../../preflight/recordings.ts";
import { repository } from "../../support/repository-copy.ts";

export const folder = path.join(repository, "tests/fixtures/preflight/hand-made");

export const names = Object.keys(recordings).filter(
  (name): name is RecordingName => name in recordings,
);

/** The sound host; no GPU was near it. */
export const sound: Readonly<Record<RecordingName, string>> = {
  gpus: text("gpus"),
  remappedRows: text("remappedRows"),
  version: text("version"),
  nvlink: text("nvlink"),
  topology: text("topology"),
  fabricManager: text("fabricManager"),
  pci: text("pci"),
  disks: text("disks"),
  links: text("links"),
  clock: text("clock"),
  swaps: text("swaps"),
  corePattern: text("corePattern"),
  nccl: text("nccl"),
};

function text(name: RecordingName): string {
  return readFileSync(path.join(folder, "gpu-1", recordings[name].file), "utf8");
}

export const expected: ExpectedHost = {
  host: "gpu-1",
  gpu: gpuFacts["a100-sxm-80gb"],
  gpus: 8,
  nvmeGb: 8000,
  nics: [{ name: "ens1f0", mac: "02:00:5e:10:01:01", gbitPerSecond: 100, mtu: 9000 }],
  weightsGb: 141.1,
  driver: "595.91.07",
};

export function withRecording(name: RecordingName, change: (text: string) => string): Recordings {
  return { ...sound, [name]: change(sound[name]) };
}
