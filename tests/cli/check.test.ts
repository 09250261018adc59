import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { command } from "../support/command.ts";
import { replaceOnce, repository, repositoryCopy } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

const charts = path.join(repository, "tests/fixtures/charts");

test("dev is clean without any chart", async (t) => {
  const { code, stdout } = await command(repository, ["check", "dev"]);
  t.is(code, 0);
  t.regex(stdout, /dev: clean \(\d+\.\d\d s\)\n$/);
});

test("all stacks are clean with the fixture charts", async (t) => {
  const { code, stdout } = await command(repository, ["check", "--charts", charts]);
  t.is(code, 0);
  t.deepEqual(
    [...stdout.matchAll(/^(\S+): (\w+) \(/gm)].map(([, stack, verdict]) => `${stack} ${verdict}`),
    ["dev clean", "prod clean", "staging clean", "staging-cluster clean"],
  );
});

for (const stack of ["staging", "prod"]) {
  test(`${stack} is undecided without charts`, async (t) => {
    const { code, stdout } = await command(repository, ["check", stack]);
    t.is(code, 3);
    t.true(stdout.includes("gpu-operator v26.7.0: no folder of charts was given"));
    t.true(stdout.includes(`${stack}: undecided`));
  });
}

test("charts can be given by CHARTS_DIR as well", async (t) => {
  const { code } = await command(repository, ["check", "staging"], { CHARTS_DIR: charts });
  t.is(code, 0);
});

test("the policy pack as its own process finds the same", async (t) => {
  const { code, stdout } = await command(repository, [
    "check",
    "prod",
    "--charts",
    charts,
    "--pack",
  ]);
  t.is(code, 0);
  t.true(stdout.includes("Policy pack as a process: finds the same"));
});

test("a misconfigured stack ends in exit 2 and names every fault", async (t) => {
  const folder = await repositoryCopy(t);
  const file = "stacks/Pulumi.dev.yaml";
  await replaceOnce(folder, file, "gpus: 8", "gpus: 16");
  await replaceOnce(
    folder,
    file,
    "private-llm:models:",
    "private-llm:modles: 1\n  private-llm:models:",
  );
  const { code, stderr } = await command(folder, ["check", "dev"]);
  t.is(code, 2);
  t.is(
    stderr,
    `stacks/Pulumi.dev.yaml: the stack is misconfigured (3 faults)
  private-llm:models[0].gpus: 16 does not divide the 64 attention heads and 8 key-value heads of llama-3-70b-instruct; use 1, 2, 4 or 8
  private-llm:modles: unknown key; check its spelling and its place (docs/configuration.md)
  private-llm:models[0].gpus: 16 GPUs per replica, but no node has more than 8, and a replica never spans nodes; lower gpus, choose larger nodes, or store the weights in fewer bits (precision)
`,
  );
});

test("an encrypted value does not disturb a check", async (t) => {
  const folder = await repositoryCopy(t);
  const file = path.join(folder, "stacks/Pulumi.prod.yaml");
  await writeFile(
    file,
    `${await readFile(file, "utf8")}  private-llm:kubeconfig:\n    secure: v1:AAAA:BBBB\n  aws:token:\n    secure: v1:AAAA:BBBB\n`,
  );
  const { code, stdout } = await command(folder, ["check", "prod", "--charts", charts]);
  t.is(code, 0, stdout);
});

test("encrypted settings of the rules leave a stack undecided", async (t) => {
  const folder = await repositoryCopy(t);
  await replaceOnce(
    folder,
    "stacks/Pulumi.dev.yaml",
    "private-llm:registry:\n    host: registry.dev.example.internal",
    "private-llm:registry:\n    secure: v1:AAAA:BBBB",
  );
  const { code, stdout } = await command(folder, ["check", "dev"]);
  t.is(code, 3);
  t.true(stdout.includes("private-llm:registry is encrypted"));
});

const usage: readonly { title: string; args: string[]; message: RegExp }[] = [
  {
    title: "an unknown stack",
    args: ["nope"],
    message: /^no stack file for nope; stacks of this repository: dev, /,
  },
  { title: "an unknown option", args: ["--nope"], message: /^Unknown option '--nope'/ },
  {
    title: "an unknown format",
    args: ["--format", "xml"],
    message: /^--format xml is unknown; choose text, json, /,
  },
  {
    title: "a missing chart folder",
    args: ["--charts", "/nowhere"],
    message: /^--charts \/nowhere: does not exist; give a folder that holds charts/,
  },
  {
    title: "a report in the place of a folder",
    args: ["dev", "--out", "."],
    message: /^--out \.: cannot be written \(EISDIR\); name another place$/m,
  },
  {
    title: "a chart folder beside manifests",
    args: ["--manifests", ".", "--pack"],
    message: /^--pack and --charts go with stacks, not with --manifests/,
  },
  {
    title: "a stack beside manifests",
    args: ["dev", "--manifests", "."],
    message: /^--manifests reads no stack; leave out dev/,
  },
];

for (const { title, args, message } of usage) {
  test(`exit 2 and a remedy: ${title}`, async (t) => {
    const { code, stdout, stderr } = await command(repository, ["check", ...args]);
    t.is(code, 2);
    t.is(stdout, "");
    t.regex(stderr, message);
  });
}

test("a report can go to a file in a folder that does not exist yet", async (t) => {
  const folder = await temporaryFolder(t);
  const out = path.join(folder, "reports/check.sarif");
  const { code, stdout } = await command(repository, [
    "check",
    "dev",
    "--format",
    "sarif",
    "--out",
    out,
  ]);
  t.is(code, 0);
  t.is(stdout, "");
  t.like(JSON.parse(await readFile(out, "utf8")), { version: "2.1.0" });
});
