import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { images } from "../../infra/versions.ts";
import { run } from "../../tools/cluster/lib/run.ts";
import { egressProbeBinary, go, sourceFolder } from "../../tools/egress-probe/binary.ts";
import { repository } from "../support/repository-copy.ts";

// The program uses sockets as Linux has them; elsewhere it is not built.
const onLinux = process.platform === "linux" ? test : test.skip;

async function temporary(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "private-llm-test-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

onLinux("the egress probe is formatted and vetted, and its own tests pass", async (t) => {
  t.timeout(300_000);
  t.deepEqual(await run("gofmt", ["-l", "."], { cwd: sourceFolder }), { code: 0, output: "" });
  for (const args of [
    ["vet", "./..."],
    ["test", "./..."],
  ]) {
    const { code, output } = await go(args, process.env);
    t.is(code, 0, output);
  }
});

onLinux("the egress probe needs nothing but the standard library", async (t) => {
  const { output } = await go(["list", "-m", "all"], process.env);
  t.is(output.trim(), "private-llm/tools/egress-probe");
});

onLinux("a key is never overwritten, and its private half is the owner's alone", async (t) => {
  const folder = await temporary(t);
  const binary = await egressProbeBinary();
  const files = ["private", "public"].flatMap((name) => [`--${name}`, path.join(folder, name)]);
  t.is((await run(binary, ["keys", ...files])).code, 0);
  const again = await run(binary, ["keys", ...files]);
  t.is(again.code, 2);
  t.regex(again.output, /file exists/);
  t.is((await run("stat", ["-c", "%a", path.join(folder, "private")])).output.trim(), "600");
});

onLinux("a run without a plan, a key or a mode tries nothing and says why", async (t) => {
  const binary = await egressProbeBinary();
  const env = { ...process.env, EGRESS_PROBE_PLAN: "" };
  for (const [args, reason] of [
    [["run"], /--mode is ""; give control or probe/],
    [["run", "--mode", "probe"], /no plan: give --plan FILE/],
    [["run", "--mode", "probe", "more"], /"more" is not understood/],
    [["verify", "--probe", "x"], /no plan: .*\n--key: give the public key/],
    [["look"], /"look" is no command/],
  ] as const) {
    const { code, output } = await run(binary, args, { env });
    t.is(code, 2);
    t.regex(output, reason);
  }
});

onLinux("the image's tag is the version that records state", async (t) => {
  const file = path.join(sourceFolder, "internal/record/record.go");
  const version = /^const Version = "(.+)"$/m.exec(await readFile(file, "utf8"))?.[1];
  t.is(version, images.egressProbe.tag);
  t.is(path.join(repository, images.egressProbe.builtFrom), sourceFolder);
});
