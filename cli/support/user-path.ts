import * as path from "node:path";

/** A path as the user meant it: npm changes into the repository, the user stands elsewhere. */
export function userPath(given: string): string {
  return path.resolve(process.env["INIT_CWD"] ?? process.cwd(), given);
}
