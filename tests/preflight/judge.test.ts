import test from "ava";
import { gpuFacts } from "../../components/lib/gpus.ts";
import type { ExpectedHost } from "../../preflight/expected.ts";
import { checks, judgeHost } from "../../preflight/judge.ts";
import type { Recordings } from "../../preflight/recordings.ts";
import { expected, names, sound, withRecording } from "./support/hand-made.ts";
import { mutants } from "./support/mutants.ts";

/** `check outcome: reason` of what does not let a host pass. */
function complaints(given: Recordings, host: ExpectedHost = expected): readonly string[] {
  return judgeHost(given, host).checks.flatMap(({ check, verdict }) => {
    if (verdict.outcome === "failed") {
      return verdict.faults.map((fault) => `${check} failed: ${fault}`);
    }
    return verdict.outcome === "unknown" ? [`${check} unknown: ${verdict.reason}`] : [];
  });
}

test("a sound host passes every check", (t) => {
  t.deepEqual(complaints(sound), []);
  t.true(judgeHost(sound, expected).passed);
});

for (const { title, recording, from, to, complaint } of mutants) {
  test(`a host does not pass with: ${title}`, (t) => {
    const given = withRecording(recording, (text) => text.replace(from, to));
    t.not(given[recording], sound[recording], "the change has to change something");
    t.regex(complaints(given).join("\n"), new RegExp(complaint.source, "m"));
  });
}

test("every check has a mutant that fails it", (t) => {
  const failed = new Set(
    mutants.flatMap(({ recording, from, to }) =>
      complaints(withRecording(recording, (text) => text.replace(from, to)))
        .filter((line) => line.includes(" failed: "))
        .map((line) => line.split(" ")[0]),
    ),
  );
  t.deepEqual(
    checks.map(({ name }) => name).filter((name) => !failed.has(name)),
    [],
  );
});

for (const missing of names) {
  test(`a host without the recording ${missing} is not known, and told the command`, (t) => {
    const { [missing]: _, ...others } = sound;
    const told = complaints(others);
    t.true(told.length > 0);
    t.true(
      told.every((line) => /unknown: \S+ is missing; record it with: /.test(line)),
      told[0],
    );
  });
}

test("a host of which nothing was recorded passes nothing", (t) => {
  t.true(judgeHost({}, expected).checks.every(({ verdict }) => verdict.outcome === "unknown"));
});

test("what the inventory leaves out is not known rather than passed", (t) => {
  t.regex(
    complaints(sound, { ...expected, nvmeGb: undefined }).join(),
    /^nvme unknown: .*0 for none/,
  );
  for (const nics of [undefined, []]) {
    t.regex(
      complaints(sound, { ...expected, nics }).join(),
      /^network unknown: .*list every interface/,
    );
  }
});

test("what the inventory says there is none of is not needed", (t) => {
  const pcie = { ...expected, gpu: gpuFacts["a100-pcie-80gb"], nvmeGb: 0 };
  const { nvlink: _, fabricManager: __, topology: ___, disks: ____, ...others } = sound;
  const given = { ...others, gpus: sound.gpus.replaceAll("A100-SXM4-80GB", "A100 80GB PCIe") };
  t.deepEqual(complaints(given, pcie), []);
});

const hopper = { ...expected, gpu: gpuFacts["h100-sxm-80gb"] };
const onHopper = (fabric: string): Recordings => ({
  ...sound,
  gpus: sound.gpus
    .replaceAll("A100-SXM4-80GB", "H100 80GB HBM3")
    .replaceAll("[N/A], [N/A]", fabric),
  nvlink: sound.nvlink
    .replaceAll("25 GB/s", "26.562 GB/s")
    .replaceAll(
      "\t Link 11: 26.562 GB/s\n",
      Array.from({ length: 7 }, (_, link) => `\t Link ${link + 11}: 26.562 GB/s\n`).join(""),
    ),
  topology: sound.topology.replaceAll("NV12", "NV18"),
  nccl: sound.nccl.replaceAll("229.25", "440.10"),
});

test("on Hopper every GPU says that the switches know it", (t) => {
  t.deepEqual(complaints(onHopper("Completed, Success"), hopper), []);
  t.regex(
    complaints(onHopper("In Progress, N/A"), hopper).join("\n"),
    /fabric-manager failed: GPU 0 is not registered/,
  );
});

test("links and bandwidth of one generation do not do for the next", (t) => {
  const given = { ...onHopper("Completed, Success"), nvlink: sound.nvlink, nccl: sound.nccl };
  const told = complaints(given, hopper).join("\n");
  t.regex(told, /nvlink failed: GPU 0 has 12 of 18 NVLinks/);
  t.regex(told, /nccl failed: 229\.25 GB\/s bus bandwidth, and 270 are expected/);
});
