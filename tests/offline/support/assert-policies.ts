import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { repository } from "../../support/repository-copy.ts";

/** Runs the assertion as CI does. */
export function assertPolicies(args: readonly string[], input = "") {
  const program = path.join(repository, "cli/assert-policies.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: "utf8",
    input,
  });
  return { code: status, stdout, stderr };
}
