import { spawnSync } from "node:child_process";
import * as path from "node:path";
import test from "ava";

const entry = path.resolve(import.meta.dirname, "../../infra/main.js");

/** Loads the entry in a Node that says it is of another version. */
function load(version: string): { status: number | null; stderr: string } {
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
    try { await import(${JSON.stringify(entry)}); } catch (error) {
      process.stderr.write(JSON.stringify({ message: error.message, mark: error.__pulumiRunError }));
      process.exit(1);
    }`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", pretend], {
    encoding: "utf8",
  });
  return { status, stderr };
}

for (const version of ["20.20.2", "22.22.0", "24.11.9"]) {
  test(`Node ${version} is told in one line what is needed`, (t) => {
    const { status, stderr } = load(version);
    t.is(status, 1);
    t.deepEqual(JSON.parse(stderr), {
      message: `Node ${version} is too old for this program: it needs 24.12 or newer. Install it, or put node_modules/.bin first on PATH after \`make install\`.`,
      mark: true,
    });
  });
}

for (const version of ["24.12.0", "25.0.0"]) {
  test(`Node ${version} loads the program`, (t) => {
    t.deepEqual(load(version), { status: 0, stderr: "" });
  });
}
