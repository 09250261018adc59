import { existsSync } from "node:fs";
import path from "node:path";
import test, { type ExecutionContext } from "ava";

/** Conformance vectors lie beside the repository, since they are third-party data. */
const folder =
  process.env["VECTORS_DIR"] ??
  path.resolve(import.meta.dirname, "..", "..", "..", "..", "shared", "vectors");

export function vectorPath(name: string): string {
  return path.join(folder, name);
}

type Declare = (title: string, check: (t: ExecutionContext) => Promise<void>) => void;

/** Declares tests of a vector set; where it is absent they are skipped, and say what they need. */
export function withVectors(name: string): Declare {
  if (existsSync(vectorPath(name))) return test;
  return (title, check) => {
    test.skip(`${title} (needs ${name} in VECTORS_DIR)`, check);
  };
}
