import test from "ava";
import { readLibrary } from "../../prompts/read-library.ts";

const library = `promptLibrary: 1
prompts:
  - id: one
    taskClass: log-analysis
    system: Be brief.
    examples:
      - user: a
        assistant: b
    prompt: Why? {{log}}
    variables: { log: 100 }
    answerTokens: 50
`;

/** What is wrong with the library after one change. */
function faults(from: string, to: string): string[] {
  t0(library.includes(from), from);
  const read = readLibrary("l.yaml", library.replace(from, to));
  if (read.kind !== "broken") return [];
  return read.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function t0(ok: boolean, what: string): void {
  if (!ok) throw new Error(`the fixture lacks ${what}`);
}

test("a library is read with its defaults", (t) => {
  const read = readLibrary("l.yaml", library);
  t.is(read.kind, "library");
  if (read.kind !== "library") return;
  t.like(read.library.prompts[0], { id: "one", turns: 1, tools: [], variables: { log: 100 } });
  t.deepEqual(read.places, [{ line: 3, column: 5 }]);
  t.deepEqual(read.markers, []);
});

test("a file is a library by its name and its first key alone", (t) => {
  t.is(readLibrary("l.ts", library).kind, "other");
  t.is(readLibrary("l.yaml", "prompts: []\n").kind, "other");
  t.is(readLibrary("l.yaml", "a:\n  promptLibrary: 1\n").kind, "other");
});

for (const [title, from, to, expected] of [
  ["another version", "promptLibrary: 1", "promptLibrary: 2", /^1:16 promptLibrary: 2: must be 1/],
  ["an unknown key", "system:", "sistem:", /^5:13 prompts\[0\]\.sistem: unknown key/],
  [
    "an id that is none",
    "id: one",
    "id: One!",
    /^3:9 prompts\[0\]\.id: "One!": must be lower-case/,
  ],
  ["no budget", "    answerTokens: 50\n", "", /^3:5 prompts\[0\]\.answerTokens: missing/],
  ["half an example", "        assistant: b\n", "", /examples\[0\]\.assistant: missing/],
  [
    "a variable that nobody declares",
    "{ log: 100 }",
    "{}",
    /variables: lacks log, .*say how many tokens/,
  ],
  [
    "a variable that nobody uses",
    "{ log: 100 }",
    "{ log: 100, x: 1 }",
    /variables\.x: is used nowhere/,
  ],
  [
    "a later message without turns",
    "answerTokens: 50",
    "answerTokens: 50\n    laterTokens: 9",
    /laterTokens: belongs to a conversation of more turns/,
  ],
  [
    "turns without their length",
    "answerTokens: 50",
    "answerTokens: 50\n    turns: 3",
    /laterTokens: missing; with 3 turns/,
  ],
  [
    "a tool without arguments of a name",
    "answerTokens: 50",
    "answerTokens: 50\n    tools: [{ name: f, description: d, parameters: { type: string } }]",
    /tools\[0\]\.parameters\.type: "string": must be object/,
  ],
  ["no YAML", "prompt: Why?", "prompt: [Why?", /is no YAML/],
] as const) {
  test(`refused: ${title}`, (t) => {
    const told = faults(from, to);
    t.true(told.length >= 1);
    t.regex(told.join("\n"), expected);
  });
}

test("all faults are told at once", (t) => {
  const broken = library
    .replace("id: one", "id: One")
    .replace("system:", "sistem:")
    .replace("100", "-1");
  const read = readLibrary("l.yaml", broken);
  t.is(read.kind === "broken" ? read.faults.length : 0, 3);
});

test("an id stands once", (t) => {
  const twice = library + library.slice(library.indexOf("  - id"));
  const read = readLibrary("l.yaml", twice);
  t.regex(
    read.kind === "broken" ? (read.faults[0]?.message ?? "") : "",
    /prompts\[1\]\.id: "one" is that of prompts\[0\]/,
  );
});

test("markers are found in values, not in comments, and also where they are written with escapes", (t) => {
  const marked = library
    .replace("promptLibrary", "# [INST] is for Llama 2\npromptLibrary")
    .replace("Be brief.", '"\\u005bINST] brief"')
    .replace("Why?", "Why [INST]? [INST]");
  const read = readLibrary("l.yaml", marked);
  t.is(read.kind, "library");
  if (read.kind !== "library") return;
  t.deepEqual(
    read.markers.map(({ line, column, prompt }) => [line, column, prompt]),
    [
      [6, 13, 0],
      [10, 17, 0],
      [10, 25, 0],
    ],
  );
});

test("a file of references without end is refused", (t) => {
  const bomb = `${library}x: &a [1,1,1,1,1,1,1,1,1]\ny: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nz: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`;
  const read = readLibrary("l.yaml", bomb);
  t.regex(
    read.kind === "broken" ? (read.faults[0]?.message ?? "") : "",
    /refers to more than 20 anchors/,
  );
});
