import test from "ava";
import { type RenderLimits, render, renderLimits } from "../../prompts/render.ts";
import { samples } from "../../prompts/samples.ts";
import { type ChatTemplate, userTemplate } from "../../prompts/template.ts";

function template(source: string): ChatTemplate {
  return { source, bosToken: "<b>", eosToken: "<e>", defaultSystem: "", origin: "t.jinja" };
}

const ask = [samples["one question"]];
const tight: RenderLimits = { ...renderLimits, milliseconds: 1500 };

test("a template that does not end is ended", async (t) => {
  const loops = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}";
  await t.throwsAsync(() => render(template(loops), ask, tight), {
    name: "RenderError",
    message: "t.jinja: the template takes more than 1.5 s; correct it",
  });
});

test("a template that writes too much is told", async (t) => {
  const long = "{% for a in range(5000) %}xxxxxxxxxx{% endfor %}";
  const limits = { ...renderLimits, characters: 10_000 };
  await t.throwsAsync(() => render(template(long), ask, limits), {
    message: /writes more than 10000 characters/,
  });
  t.is((await render(template(long), ask)).length, 1);
});

test("a template that takes all memory ends its thread alone", async (t) => {
  const doubles = `{% set n = namespace(a=["x"]) %}{% for i in range(40) %}{% set n.a = n.a + n.a %}{% endfor %}`;
  const limits = { ...renderLimits, heapMegabytes: 16 };
  await t.throwsAsync(() => render(template(doubles), ask, limits), {
    message: /needs more than 16 MB|takes more than/,
  });
});

test("a template that is none is told", async (t) => {
  await t.throwsAsync(() => render(template("{% if %}"), ask), {
    name: "RenderError",
    message: /^t\.jinja: the template cannot be used: /,
  });
});

test("nothing of the process can be reached from a template", async (t) => {
  for (const word of ["process", "require", "globalThis", "import", "env"]) {
    const [given] = await render(template(`[{{ ${word} is defined }}]`), ask);
    t.true(given !== undefined && (!("text" in given) || given.text === "[false]"), word);
  }
  const [made] = await render(
    template("{{ messages.constructor.constructor('return process')() }}"),
    ask,
  );
  t.true(made !== undefined && "refused" in made);
});

const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

test("the template of a tokenizer_config.json comes with its tokens and its digest", (t) => {
  const read = userTemplate(
    "m/tokenizer_config.json",
    bytes({ chat_template: "{{ bos_token }}", bos_token: { content: "<x>" }, eos_token: "<y>" }),
    undefined,
  );
  t.like(read, { source: "{{ bos_token }}", bosToken: "<x>", eosToken: "<y>" });
  t.regex(
    "origin" in read ? read.origin : "",
    /^m\/tokenizer_config\.json \(sha256 [0-9a-f]{64}\)$/,
  );
  const named = {
    chat_template: [
      { name: "tool_use", template: "t" },
      { name: "default", template: "d" },
    ],
  };
  t.like(userTemplate("c.json", bytes(named), undefined), { source: "d", bosToken: "" });
});

test("a file of Jinja takes the tokens of its model, and its digest is that of its bytes", (t) => {
  const format = { template: "x", bosToken: "<s>", eosToken: "</s>" };
  const read = userTemplate("a.jinja", bytes("abc"), format);
  t.like(read, { source: "abc", bosToken: "<s>", eosToken: "</s>" });
  const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  t.is("origin" in read ? read.origin : "", `a.jinja (sha256 ${sha256})`);
});

for (const [title, content] of [
  ["no JSON", "{"],
  ["no template", { bos_token: "x" }],
  ["no template named default", { chat_template: [{ name: "rag", template: "" }] }],
] as const) {
  test(`refused: ${title}`, (t) => {
    t.true("fault" in userTemplate("tokenizer_config.json", bytes(content), undefined));
  });
}
