import { readFileSync, writeFileSync } from "node:fs";
import { fillTables } from "./fill.ts";

const page = new URL("../../docs/models.md", import.meta.url);
writeFileSync(page, fillTables(readFileSync(page, "utf8")));
