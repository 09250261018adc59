import test from "ava";
import { parse } from "yaml";
import { z } from "zod";
import { fillTables, tablesOf } from "../../tools/docs/fill.ts";
import { tableProfile } from "../../tools/docs/fit-table.ts";
import { tablePages, tables } from "../../tools/docs/tables.ts";
import { command } from "../support/command.ts";
import { replaceOnce, repositoryCopy } from "../support/repository-copy.ts";
import { read } from "./support/documents.ts";

for (const file of tablePages) {
  test(`the tables of ${file} are those of the data; npm run tables writes them`, (t) => {
    const page = read(file);
    t.is(page, fillTables(page));
  });
}

test("every table stands once on one of the pages", (t) => {
  const placed = tablePages.flatMap((file) => tablesOf(read(file)));
  t.deepEqual(placed.toSorted(), Object.keys(tables).toSorted());
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

test("the table of fits goes by the profile of stack dev", (t) => {
  const stack = z
    .object({
      config: z.object({
        "private-llm:models": z.array(z.object({ contextTokens: z.number(), load: z.unknown() })),
      }),
    })
    .parse(parse(read("stacks/Pulumi.dev.yaml")));
  const [model] = stack.config["private-llm:models"];
  t.is(model?.contextTokens, tableProfile.contextTokens);
  t.deepEqual(model?.load, tableProfile.load);
});

test("what docs/fit.md shows of a run is what the program prints", async (t) => {
  const folder = await repositoryCopy(t);
  await replaceOnce(folder, "stacks/Pulumi.dev.yaml", "gpus: 8", "gpus: 4");
  const { stdout } = await command(folder, ["fit", "dev"]);
  t.true(read("docs/fit.md").includes(`\`\`\`text\n${stdout}\`\`\``));
  await replaceOnce(folder, "stacks/Pulumi.dev.yaml", "gpus: 4", "gpus: 2");
  const { stderr } = await command(folder, ["check", "dev"]);
  t.true(read("docs/fit.md").includes(`\`\`\`text\n${stderr}\`\`\``));
});
