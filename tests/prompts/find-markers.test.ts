import test from "ava";
import * as fc from "fast-check";
import { findMarkers } from "../../prompts/find-markers.ts";
import { markers } from "../../prompts/markers.ts";
import { placesIn } from "../../prompts/place.ts";

const found = (text: string, sections = false) =>
  findMarkers(text, sections).map(({ marker, index }) => `${index} ${marker.text}`);

test("a whole prompt of Llama 2 is found marker by marker", (t) => {
  t.deepEqual(found("<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello </s>"), [
    "0 <s>",
    "3 [INST]",
    "10 <<SYS>>",
    "28 <</SYS>>",
    "41 [/INST]",
    "55 </s>",
  ]);
});

for (const [title, text] of [
  ["struck text", "was <s>12.00</s>, now 9.00"],
  ["struck text over lines", "<p><s>old\nprice</s> new <s>x</s></p>"],
  ["struck text with attributes", '<s class="old">12.00</s>'],
  ["struck text built in code", 'page += "<s>" + price + "</s>";'],
  ["a type", "fn f<s>(x: Vec<s>) {}"],
  ["lower case", "[inst] <<sys>>"],
  ["other words in brackets", "[INSTALL] [INSTANCE] <<SYSTEM>> <|custom|>"],
  ["other elements", "<strong>a</strong> <span>b</span> <script></script>"],
] as const) {
  test(`${title} is no marker`, (t) => t.deepEqual(found(text), []));
}

for (const [title, text, expected] of [
  ["a stop word", 'stop=["</s>"]', ["7 </s>"]],
  ["a beginning", 'prompt = "<s>" + text', ["10 <s>"]],
  ["the second of two ends", "<s>a</s> b</s>", ["10 </s>"]],
  ["the first of two beginnings", "<s>a <s>b</s>", ["0 <s>"]],
  [
    "a pair around an instruction",
    "<s>[INST] a [/INST] b</s>",
    ["0 <s>", "3 [INST]", "12 [/INST]", "21 </s>"],
  ],
] as const) {
  test(`${title} is a marker`, (t) => t.deepEqual(found(text), [...expected]));
}

test("a section of an INI file is no marker there, and anything else on the line is", (t) => {
  t.deepEqual(found("[INST]\nuser = x\n", true), []);
  t.deepEqual(found("[INST]\nuser = x\n"), ["0 [INST]"]);
  t.deepEqual(found('prompt = "[INST] x"\n', true), ["10 [INST]"]);
});

const plain = fc.string({ unit: fc.constantFrom("a", " ", "\n", "[", "<", "|", ">", "é", '"') });

test("every marker is found wherever it stands, with its line and column", (t) => {
  fc.assert(
    fc.property(plain, plain, fc.constantFrom(...markers), (before, after, marker) => {
      const text = `${before}${marker.text}${after}`;
      const use = findMarkers(text).find(({ index }) => index === before.length);
      t.is(use?.marker.text, marker.text);
      const { line, column } = placesIn(text)(before.length);
      const row = text.split("\n")[line - 1] ?? "";
      t.true(row.slice(column - 1).startsWith(marker.text.split("\n", 1)[0] ?? ""));
    }),
  );
});

test("text without a bracket holds none", (t) => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      t.deepEqual(findMarkers(text.replace(/[[<]/g, "")), []);
    }),
  );
});

test("many markers and many pairs take no time to speak of", (t) => {
  const text = "<s>[INST] a [/INST]</s>\n".repeat(40_000);
  t.is(findMarkers(text).length, 160_000);
});
