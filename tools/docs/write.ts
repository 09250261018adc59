import { readFileSync, writeFileSync } from "node:fs";
import { fillTables } from "./fill.ts";
import { tablePages } from "./tables.ts";

for (const name of tablePages) {
  const page = new URL(`../../${name}`, import.meta.url);
  writeFileSync(page, fillTables(readFileSync(page, "utf8")));
}
