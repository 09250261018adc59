import test from "ava";
import { fillTables, tablesOf } from "../../tools/docs/fill.ts";
import { tables } from "../../tools/docs/tables.ts";
import { read } from "./support/documents.ts";

test("the tables of docs/models.md are those of the data; npm run tables writes them", (t) => {
  const page = read("docs/models.md");
  t.is(page, fillTables(page));
});

test("every table stands on the page once", (t) => {
  t.deepEqual(tablesOf(read("docs/models.md")).toSorted(), Object.keys(tables).toSorted());
});

test("a table that data has outgrown is told", (t) => {
  const stale = read("docs/models.md").replace(
    "| `yi-34b-chat` | 34.4 B",
    "| `yi-34b-chat` | 43 B",
  );
  t.not(stale, fillTables(stale));
  t.is(fillTables(stale), read("docs/models.md"));
});

test("a mark of no table is refused", (t) => {
  t.throws(() => fillTables("<!-- table cats -->\nx\n<!-- end -->"), {
    message: "no table is called cats",
  });
});
