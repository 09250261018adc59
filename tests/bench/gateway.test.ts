import { readFile } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { benchGateway, cells } from "../../bench/gateway/bench-gateway.ts";
import { coresIn } from "../../bench/gateway/cores.ts";
import { figuresOf, type Measured, perCoreRatio } from "../../bench/gateway/figures.ts";
import { pinnedLitellm } from "../../bench/gateway/litellm.ts";
import { cpuSecondsIn, peakMibIn, waitedSecondsIn } from "../../bench/gateway/process-cost.ts";
import { ResponseEnd } from "../../bench/gateway/response-end.ts";
import { percentile, spreadOf } from "../../bench/gateway/statistics.ts";
import { tables } from "../../bench/gateway/tables.ts";
import { repository } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

const cell = { way: "local", kind: "plain", connections: 1 } as const;

function measured(side: string, round: number, p50: number, cpuMs: number): Measured {
  const p99 = p50 * 2;
  return { ...cell, side, round, p50, p99, requestsPerSecond: 1000 / p50, cpuMs, waited: 0.25 };
}

/** The second round was on a machine that was half as fast. */
const twoRounds = [
  measured("direct", 1, 1, 0),
  measured("gateway", 1, 3, 0.1),
  measured("LiteLLM", 1, 11, 5),
  measured("direct", 2, 2, 0),
  measured("gateway", 2, 6, 0.2),
  measured("LiteLLM", 2, 22, 10),
];

test("a percentile is a value that was measured, at its nearest rank", (t) => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  t.deepEqual(
    [0, 1, 50, 99, 100].map((percent) => percentile(hundred, percent)),
    [1, 1, 50, 99, 100],
  );
  t.is(percentile([7], 99), 7);
  t.throws(() => percentile([], 50), { message: "nothing was measured" });
});

test("a spread has the middle of all rounds and both ends", (t) => {
  t.deepEqual(spreadOf([3, 1, 10]), { median: 3, least: 1, most: 10 });
});

test("a side is compared with its neighbour of the same round alone", (t) => {
  const { addedP50, addedP99 } = figuresOf(twoRounds, cell, "gateway", "direct");
  t.deepEqual(addedP50, { median: 2, least: 2, most: 4 });
  t.deepEqual(addedP99, { median: 4, least: 4, most: 8 });
  t.deepEqual(perCoreRatio(twoRounds, cell, "gateway", "LiteLLM"), {
    median: 50,
    least: 50,
    most: 50,
  });
  const lonely = twoRounds.filter(({ side, round }) => side !== "LiteLLM" || round === 1);
  t.throws(() => perCoreRatio(lonely, cell, "gateway", "LiteLLM"), { message: /round 2/ });
});

test("the tables say what is added and what a core carries", (t) => {
  const compared = { direct: "direct", gateway: "gateway", litellm: "LiteLLM" };
  t.snapshot(tables(twoRounds, [cell], compared).join("\n"));
});

test("without LiteLLM the tables have no column for it", (t) => {
  const compared = { direct: "direct", gateway: "gateway", litellm: undefined };
  t.notRegex(tables(twoRounds, [cell], compared).join("\n"), /LiteLLM/);
});

const head = "HTTP/1.1 200 OK\r\n";
const answers = {
  "with a length": `${head}content-length: 8\r\n\r\n{"a": 1}`,
  "in chunks": `${head}transfer-encoding: chunked\r\n\r\n8\r\n{"a": 1}\r\n4\r\n 0\n\n\r\n0\r\n\r\n`,
};

for (const [title, answer] of Object.entries(answers)) {
  test(`the end of an answer ${title} is found wherever its bytes are cut`, (t) => {
    const bytes = Buffer.from(answer);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const end = new ResponseEnd();
      for (let answered = 0; answered < 2; answered += 1) {
        t.false(end.isComplete(bytes.subarray(0, cut)), `cut at ${cut}`);
        t.true(end.isComplete(bytes.subarray(cut)), `cut at ${cut}`);
      }
    }
  });
}

test("an answer other than 200 is an error that quotes it", (t) => {
  const refusal = Buffer.from("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nfull");
  t.throws(() => new ResponseEnd().isComplete(refusal), { message: /503.*full/ });
});

test("lists of cores are read as Linux writes them", (t) => {
  t.deepEqual(coresIn("0-2,5\n"), [0, 1, 2, 5]);
  t.deepEqual(coresIn("3"), [3]);
});

test("processor time is found behind a name with spaces and parentheses", (t) => {
  t.is(cpuSecondsIn("7 (a) b (c) S 1 1 1 0 -1 0 0 0 0 0 150 50 9 9 20"), 2);
  t.throws(() => cpuSecondsIn("7 (a) S 1"), { message: /no times/ });
});

test("the time that a thread waited is the second number, in nanoseconds", (t) => {
  t.is(waitedSecondsIn("700 1500000000 12\n"), 1.5);
  t.throws(() => waitedSecondsIn("700"), { message: /no waiting time/ });
});

test("peak memory is read in MiB", (t) => {
  t.is(peakMibIn("Name:\tenvoy\nVmHWM:\t   69632 kB\n"), 68);
  t.throws(() => peakMibIn("Name:\tenvoy\n"), { message: /no peak memory/ });
});

test("the version of LiteLLM in docs/dependencies.md is the one that is installed", async (t) => {
  const page = await readFile(path.join(repository, "docs/dependencies.md"), "utf8");
  t.true(page.includes(`| LiteLLM | ${await pinnedLitellm()} |`));
});

test("every file of LiteLLM and of what it needs is pinned by its hash", async (t) => {
  const file = path.join(repository, "bench/gateway/litellm-requirements.txt");
  const text = (await readFile(file, "utf8")).replaceAll(/^#.*\n/gm, "").replaceAll("\\\n", " ");
  for (const line of text.trim().split("\n")) {
    t.regex(line, /^[\w.[\]-]+==[\w.]+( +--hash=sha256:[0-9a-f]{64})+$/);
  }
});

test("the bench measures every kind of load through the gateway, without LiteLLM", async (t) => {
  const folder = await temporaryFolder(t);
  const lines: string[] = [];
  const all = await benchGateway({
    folder,
    rounds: 1,
    seconds: 0.05,
    litellm: false,
    pinned: false,
    tell: (line) => lines.push(line),
  });
  t.is(all.length, cells.length * 2);
  t.true(all.every(({ requestsPerSecond }) => requestsPerSecond > 0));
  t.regex(lines.join("\n"), /peak memory, gateway: \d+ MiB, \d+ MiB with/);
});
