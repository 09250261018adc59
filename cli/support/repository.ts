import * as path from "node:path";

/** Root of this repository; commands work from any folder. */
export const repositoryRoot = path.resolve(import.meta.dirname, "../..");
