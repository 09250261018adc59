import test from "ava";
import * as fc from "fast-check";
import { gpuFacts } from "../../components/lib/gpus.ts";
import { judgeHost } from "../../preflight/judge.ts";
import type { RecordingName } from "../../preflight/recordings.ts";
import { nvlinkSpec } from "../../preflight/thresholds.ts";
import { readDisks } from "../../preflight/tools/disks.ts";
import { readTopology } from "../../preflight/tools/topology.ts";
import { expected, names, sound, withRecording } from "./support/hand-made.ts";

const passed = (name: RecordingName, text: string) =>
  judgeHost(
    withRecording(name, () => text),
    expected,
  ).passed;

/** Any one line is a pattern of the kernel, so any text but a pipe is one. */
const readable = names.filter((name) => name !== "corePattern");

test("no text but what the tools write lets a host pass", (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...readable), fc.string({ unit: "binary" }), (name, text) => {
      t.false(passed(name, text), name);
    }),
    { numRuns: 500 },
  );
});

/** Recordings that have an end, or a number of parts that the inventory tells. */
const counted = [
  "gpus",
  "remappedRows",
  "nvlink",
  "topology",
  "pci",
  "disks",
  "links",
  "clock",
  "nccl",
] as const;

/** Text behind which nothing is read. */
const ends: ReadonlyMap<RecordingName, string> = new Map([
  ["topology", "\nNIC0"],
  ["nccl", "# Avg"],
]);

test("a recording that was cut off in a line before its last does not let a host pass", (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...counted),
      fc.double({ min: 0, max: 0.95, noNaN: true }),
      (name, share) => {
        const end = sound[name].indexOf(ends.get(name) ?? "\u0000");
        const whole = end === -1 ? sound[name] : sound[name].slice(0, end);
        const lines = whole.split("\n").filter((line) => line !== "");
        const kept = lines.slice(0, Math.floor(share * lines.length));
        t.false(passed(name, kept.join("\n")), name);
      },
    ),
    { numRuns: 300 },
  );
});

test("recordings with the line ends of another system are read", (t) => {
  for (const name of names) {
    t.true(passed(name, sound[name].replaceAll("\n", "\r\n")), name);
  }
});

test("the matrix of GPUs is read where the tool underlines its header", (t) => {
  const underlined = sound.topology.replace(/GPU(\d)\t/g, "\u001b[4mGPU$1\u001b[0m\t");
  t.deepEqual(readTopology(underlined), readTopology(sound.topology));
});

test("sizes are read as numbers and as text, and an array over several disks counts once", (t) => {
  const asText = sound.disks.replace(/"(size|fsavail)": (\d+)/g, '"$1": "$2"');
  t.deepEqual(readDisks(asText), readDisks(sound.disks));
  t.like(readDisks(sound.disks), {
    value: {
      disks: 8,
      fileSystems: [{ mountPoint: "/var/lib/weights", freeBytes: 7_400_000_000_000 }],
    },
  });
});

test("links and their speed add up to the NVLink bandwidth of every GPU", (t) => {
  for (const [name, facts] of Object.entries(gpuFacts)) {
    const spec = nvlinkSpec(facts);
    t.is(
      spec === undefined ? undefined : 2 * spec.links * spec.gbPerSecond,
      facts.nvlinkGbPerSecond,
      name,
    );
  }
});
