import test from "ava";
import * as fc from "fast-check";
import { librarySchema, type Prompt } from "../../prompts/library.ts";
import { contextFault, tokenBound } from "../../prompts/token-bound.ts";

function prompt(more: object): Prompt {
  const base = {
    id: "p",
    taskClass: "c",
    prompt: "{{a}} {{a}}",
    variables: { a: 100 },
    answerTokens: 50,
  };
  const [first] = librarySchema.parse({
    promptLibrary: 1,
    prompts: [{ ...base, ...more }],
  }).prompts;
  if (first === undefined) throw new Error("no prompt");
  return first;
}

test("the bound counts every place of a variable, every turn, and each byte of the text", (t) => {
  t.deepEqual(tokenBound(prompt({}), "é"), { declared: 250, atMost: 253 });
  const three = prompt({ turns: 3, laterTokens: 20 });
  t.deepEqual(tokenBound(three, ""), { declared: 200 + 150 + 40, atMost: 391 });
});

test("what is declared alone and what is only not shown are told apart", (t) => {
  const bound = tokenBound(prompt({}), "x".repeat(99));
  t.is(bound.atMost, 350);
  t.is(contextFault(bound, 350), undefined);
  t.regex(
    contextFault(bound, 349) ?? "",
    /^is not shown to fit: 250 declared tokens and a text of 100 bytes make 350/,
  );
  t.regex(contextFault(bound, 249) ?? "", /may have 250 tokens, and the context has 249/);
});

test("a longer text, answer or conversation never lowers the bound", (t) => {
  fc.assert(
    fc.property(fc.nat(9), fc.nat(500), fc.string(), fc.string(), (turns, answer, text, more) => {
      const of = (n: number, tokens: number, rendered: string) =>
        tokenBound(prompt({ turns: n + 2, laterTokens: 5, answerTokens: tokens + 1 }), rendered)
          .atMost;
      const base = of(turns, answer, text);
      t.true(of(turns + 1, answer, text) > base);
      t.true(of(turns, answer + 1, text) > base);
      t.true(of(turns, answer, text + more) >= base);
    }),
  );
});
