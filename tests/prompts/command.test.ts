import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { compareText } from "../../components/lib/compare-text.ts";
import { command } from "../support/command.ts";
import { repository } from "../support/repository-copy.ts";

const prompts = (...args: string[]) => command(repository, ["prompts", ...args]);

async function folder(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), "prompts-"));
  t.teardown(() => rm(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return root;
}

test("48 of the 50 prompts of the example stay as they are on Llama 3, and two are told", async (t) => {
  const { code, stdout } = await prompts(
    "check",
    "examples/prompts",
    "--model",
    "llama-3-70b-instruct",
    "--format",
    "json",
  );
  t.is(code, 1);
  const report: unknown = JSON.parse(stdout);
  t.like(report, { prompts: 50, unchanged: 48, libraries: 4 });
  t.deepEqual(
    [...new Set([...stdout.matchAll(/"prompt": "([^"]+)"/g)].map(([, id = ""]) => id))].toSorted(
      compareText,
    ),
    ["legacy-completion", "legacy-few-shot"],
  );
});

test("what docs/prompts.md shows of a run is what the program prints", async (t) => {
  const { stdout } = await prompts("check", "examples/prompts", "--model", "llama-3-70b-instruct");
  const page = await readFile(path.join(repository, "docs/prompts.md"), "utf8");
  const shown = (/^ {3}```text\n(.*?)^ {3}```$/ms.exec(page)?.[1] ?? "")
    .split("\n")
    .map((line) => line.trim());
  const lines = shown.filter((line) => line !== "" && line !== "…");
  t.true(lines.length > 3);
  for (const line of lines) t.true(stdout.split("\n").includes(line), line);
});

test("the library that docs/prompts.md shows is one", async (t) => {
  const page = await readFile(path.join(repository, "docs/prompts.md"), "utf8");
  const block = /^```yaml\n(.*?)^```$/ms.exec(page)?.[1] ?? "";
  const root = await folder(t, { "severity.yaml": block });
  const { code, stdout } = await prompts("check", root);
  t.is(code, 0);
  t.regex(
    stdout,
    /^1 prompt in 1 library: 1 unchanged, 0 to change; 0 other files read; 0 findings/,
  );
});

test("tools are told where the model has no parser, and pass where it has", async (t) => {
  const file = "examples/prompts-with-tools.yaml";
  const without = await prompts("check", file, "--model", "llama-3-70b-instruct");
  t.is(without.code, 1);
  t.regex(
    without.stdout,
    /yaml:3:5: tools: prompt order-status: llama-3-70b-instruct was not trained to call tools/,
  );
  const having = await prompts("check", file, "--model", "llama-3.3-70b-instruct");
  t.is(having.code, 0, having.stdout);
});

test("a context that is too short is told", async (t) => {
  const { code, stdout } = await prompts(
    "check",
    "examples/prompts/contract-review.yaml",
    "--model",
    "llama-3-70b-instruct",
    "--context",
    "6000",
  );
  t.is(code, 1);
  t.regex(
    stdout,
    /:3:5: context: prompt parties: variables, later messages and answers may have 6300 tokens/,
  );
});

test("sources of a repository are read, files of models and links are not", async (t) => {
  const root = await folder(t, {
    "app/client.py": 'PROMPT = f"<s>[INST] {q} [/INST]"\n',
    "app/page.html": "<s>12.00</s>\n",
    "model/tokenizer_config.json": '{"bos_token": "<s>"}',
    "model/chat.jinja": "[INST]",
    "node_modules/x/index.js": "'[INST]'",
    "data.bin": "\0[INST]",
  });
  await symlink("/etc/hosts", path.join(root, "link"));
  const { code, stdout } = await prompts("check", root);
  t.is(code, 1);
  const lines = stdout.trim().split("\n");
  t.deepEqual(
    lines
      .filter((line) => line.includes("marker"))
      .map((line) => line.slice(root.length).split(" ", 3).join(" ")),
    [
      "/app/client.py:1:12: marker: <s>",
      "/app/client.py:1:15: marker: [INST]",
      "/app/client.py:1:26: marker: [/INST]",
    ],
  );
  t.true(stdout.includes("link: not read, it is no plain file"));
  t.regex(stdout, /2 other files read; 3 findings\n$/);
});

test("a clean folder ends with 0", async (t) => {
  const root = await folder(t, { "a.txt": "Hello <s>x</s>\n" });
  t.is((await prompts("check", root)).code, 0);
});

test("an id of two libraries is told", async (t) => {
  const one =
    "promptLibrary: 1\nprompts:\n  - { id: a, taskClass: c, prompt: x, answerTokens: 1 }\n";
  const { code, stdout } = await prompts(
    "check",
    await folder(t, { "a.yaml": one, "b.yaml": one }),
  );
  t.is(code, 1);
  t.regex(
    stdout,
    /b\.yaml:3:5: library: prompt a: the id is that of a prompt in .*a\.yaml already/,
  );
});

test("a prompt is rendered with the user's own template, whose digest is told", async (t) => {
  const root = await folder(t, { "t.jinja": "{{ bos_token }}{{ messages[0].content }}\u001b[2J" });
  const file = path.join(root, "t.jinja");
  const { code, stdout } = await prompts(
    "render",
    "examples/prompts/log-analysis.yaml",
    "--model",
    "llama-2-70b-chat",
    "--template",
    file,
    "--prompt",
    "timeline",
  );
  t.is(code, 0);
  t.regex(stdout, /t\.jinja \(sha256 [0-9a-f]{64}\)\n== timeline\n<s>You help engineers/);
  t.false(stdout.includes("\u001b"));
});

test("what the new format refuses and the old one took ends with 1", async (t) => {
  const back = await prompts(
    "compare",
    "--from",
    "llama-3-70b-instruct",
    "--to",
    "llama-2-70b-chat",
  );
  t.is(back.code, 1);
  t.regex(
    back.stdout,
    /llama-2-70b-chat refuses what llama-3-70b-instruct takes: system after user, two user turns in a row\n$/,
  );
  const forth = await prompts(
    "compare",
    "--from",
    "llama-2-70b-chat",
    "--to",
    "llama-3-70b-instruct",
  );
  t.is(forth.code, 0);
  t.regex(forth.stdout, /takes all that llama-2-70b-chat takes\n$/);
});

for (const [title, args, expected] of [
  ["no command", [], /nothing is no command/],
  [
    "an unknown model",
    ["check", "examples", "--model", "gpt-4"],
    /gpt-4 is no model of the catalogue; choose one of llama-2-70b-chat/,
  ],
  ["a file that is not there", ["check", "nowhere"], /nowhere: cannot be read \(ENOENT\)/],
  ["a context without a model", ["check", "examples", "--context", "1"], /add --model NAME/],
  [
    "a context that is no number",
    ["check", "examples", "--model", "yi-34b-chat", "--context", "8k"],
    /--context 8k: give whole tokens/,
  ],
  [
    "an option of another command",
    ["compare", "--from", "a", "--to", "b", "--model", "x"],
    /--model: not an option of compare/,
  ],
  [
    "a prompt that is not there",
    ["render", "examples/prompts/log-analysis.yaml", "--model", "yi-34b-chat", "--prompt", "x"],
    /--prompt x: .* has incident-summary/,
  ],
  [
    "no library",
    ["render", "README.md", "--model", "yi-34b-chat"],
    /README\.md: is no library of prompts/,
  ],
  [
    "a template that is not there",
    ["render", "examples/prompts/log-analysis.yaml", "--model", "yi-34b-chat", "--template", "x"],
    /x: cannot be read \(ENOENT\)/,
  ],
] as const) {
  test(`usage: ${title}`, async (t) => {
    const { code, stderr } = await prompts(...args);
    t.is(code, 2);
    t.regex(stderr, expected);
  });
}
