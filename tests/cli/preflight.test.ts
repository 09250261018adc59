import { cp, mkdir, rm } from "node:fs/promises";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { z } from "zod";
import { recordings } from "../../preflight/recordings.ts";
import { command } from "../support/command.ts";
import { replaceOnce, repository, repositoryCopy } from "../support/repository-copy.ts";

const folder = "tests/fixtures/preflight/hand-made";
const judge = (...more: readonly string[]) => [
  "preflight",
  "judge",
  folder,
  "--stack",
  "prod",
  ...more,
];

test("a sound host and one with faults are told check by check", async (t) => {
  const { code, stdout } = await command(repository, judge());
  t.is(code, 1);
  t.snapshot(stdout);
});

test("a host by itself passes", async (t) => {
  const { code, stdout } = await command(repository, judge("--host", "gpu-1"));
  t.is(code, 0);
  t.regex(stdout, /^Stack prod: 1 of 1 host passed/);
});

test("the report as JSON has verdicts by host and check", async (t) => {
  const { code, stdout } = await command(repository, judge("--format", "json"));
  t.is(code, 1);
  const verdict = z.object({ outcome: z.string() });
  const report = z
    .object({
      hosts: z.array(
        z.object({
          passed: z.boolean(),
          checks: z.array(z.object({ check: z.string(), verdict })),
        }),
      ),
    })
    .parse(JSON.parse(stdout));
  t.deepEqual(
    report.hosts.map(({ passed }) => passed),
    [true, false],
  );
  t.like(
    report.hosts[1]?.checks.find(({ check }) => check === "nccl"),
    {
      verdict: { outcome: "unknown" },
    },
  );
});

/** The program and the recordings in a folder of their own. */
async function copyWithRecordings(t: ExecutionContext): Promise<string> {
  const copy = await repositoryCopy(t);
  await cp(path.join(repository, folder), path.join(copy, folder), { recursive: true });
  return copy;
}

test("a host without recordings leaves the answer open, and folders of strangers are named", async (t) => {
  const copy = await copyWithRecordings(t);
  await rm(path.join(copy, folder, "gpu-2"), { recursive: true });
  await mkdir(path.join(copy, folder, "gpu-9"));
  const { code, stdout } = await command(copy, judge());
  t.is(code, 3);
  t.regex(stdout, /UNKNOWN {5}driver {10}gpus\.csv is missing; record it with: nvidia-smi/);
  t.regex(stdout, /Not judged: recordings of gpu-9/);
});

test("a host is looked at before it takes pods", async (t) => {
  const copy = await copyWithRecordings(t);
  await cp(path.join(copy, folder, "gpu-1"), path.join(copy, folder, "gpu-3"), { recursive: true });
  await replaceOnce(
    copy,
    "stacks/Pulumi.prod.yaml",
    "  private-llm:charts:",
    [
      "      - name: gpu-3",
      "        address: 10.20.0.13",
      "        role: gpu",
      "        zone: room-1",
      "        rack: r2",
      "        drain: true",
      "        gpu: { model: a100-sxm-80gb, count: 8 }",
      "        nvmeGb: 8000",
      "        nics: [{ name: ens1f0, gbitPerSecond: 100, mtu: 9000 }]",
      "  private-llm:charts:",
    ].join("\n"),
  );
  t.is((await command(copy, judge("--host", "gpu-3"))).code, 0);
  const { stdout } = await command(copy, judge());
  t.regex(stdout, /1 of 2 hosts passed/);
  t.regex(stdout, /Not judged: recordings of gpu-3/);
});

test("the commands write every file that is read", async (t) => {
  const { code, stdout } = await command(repository, ["preflight", "commands"]);
  t.is(code, 0);
  const written = stdout.split("\n").flatMap((line) => / > (\S+)$/.exec(line)?.[1] ?? []);
  t.deepEqual(
    written.toSorted(),
    Object.values(recordings)
      .map(({ file }) => file)
      .toSorted(),
  );
});

test("wrong calls are told what to write instead", async (t) => {
  const calls: readonly (readonly [readonly string[], RegExp])[] = [
    [["preflight"], /^usage: npm run preflight/],
    [["preflight", "judge", folder], /name the stack with --stack/],
    [["preflight", "judge", "no-such", "--stack", "prod"], /no-such cannot be read/],
    [
      ["preflight", "judge", folder, "--stack", "dev"],
      /kind local; preflight is for kind bare-metal/,
    ],
    [["preflight", "judge", folder, "--stack", "staging-cluster"], /has no inventory/],
    [judge("--host", "control-1"), /control-1 is no GPU host of it; choose one of gpu-1, gpu-2/],
    [judge("--format", "xml"), /choose text, json/],
  ];
  for (const [words, told] of calls) {
    const { code, stderr } = await command(repository, words);
    t.is(code, 2, words.join(" "));
    t.regex(stderr, told);
  }
});
