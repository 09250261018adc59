import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import { evaluate } from "../../policies/runner.ts";
import { caughtElsewhere, fewestRedRows, notYet } from "./not-yet.ts";
import { type Judged, judgeAll } from "./support/judge.ts";
import { printed, redRows, scores } from "./support/score.ts";
import { realStacks, stackNames } from "./support/stacks.ts";
import { leaks } from "./table.ts";

const stacks = await realStacks();
const judged = judgeAll(leaks, stacks);

for (const name of stackNames) {
  test(`the policies object to nothing in ${name} as it is`, (t) => {
    const { graph, settings } = stacks[name];
    t.deepEqual(evaluate(graphOf(graph), settings).findings, []);
  });
}

test("no leak makes a rule break down", (t) => {
  t.deepEqual(
    judged.filter((each) => each.broken.length > 0).map(({ id, broken }) => [id, ...broken]),
    [],
  );
});

test("every leak that a rule can see is found in all its variants, or is said to be missing yet", (t) => {
  const missed = judged.filter((each) => each.caughtBy.length === 0);
  const open = new Set(missed.map((each) => each.leak.row));
  const expected = Object.keys(notYet).map(Number);
  if (!t.deepEqual([...open], expected, "rows in which a variant goes unseen")) {
    t.log(`unseen: ${missed.map(({ id }) => id).join(", ")}`);
  }
});

test("a leak is found by a rule that its row names, or it is said why another is as good", (t) => {
  const elsewhere = judged.filter(
    (each) => each.caughtBy.length > 0 && !each.caughtBy.some((rule) => named(each, rule)),
  );
  t.deepEqual(
    elsewhere.map(({ id, caughtBy }) => `${id} (${caughtBy.join(" ")})`).toSorted(),
    Object.keys(caughtElsewhere)
      .map((id) => `${id} (${judged.find((each) => each.id === id)?.caughtBy.join(" ")})`)
      .toSorted(),
  );
});

test("the score of the leak table", (t) => {
  const rows = scores(leaks, judged);
  t.log(printed(rows));
  t.true(
    redRows(rows) >= fewestRedRows,
    `only ${redRows(rows)} rows are red, ${fewestRedRows} have to be`,
  );
});

function named({ leak }: Judged, rule: string): boolean {
  return leak.catchers.includes(rule);
}
