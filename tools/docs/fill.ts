import { tables } from "./tables.ts";

const block = /(<!-- table ([a-z-]+) -->\n)[\s\S]*?(\n<!-- end -->)/g;

/**
 * A page with its marked tables as the data has them now.
 * @throws where a mark names no table
 */
export function fillTables(page: string): string {
  return page.replace(block, (_, open: string, name: string, close: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`no table is called ${name}`);
    return `${open}${table()}${close}`;
  });
}

/** Names of the tables on a page, in its order. */
export function tablesOf(page: string): string[] {
  return [...page.matchAll(block)].map(([, , name = ""]) => name);
}
