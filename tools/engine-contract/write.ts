import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { contractSchema } from "../../components/engines/contract-schema.ts";
import { images } from "../../infra/versions.ts";

/** Reads the pinned engine's own sources anew and writes its contract. Needs Python 3.11 with pip, and its index. */
const version = images.vllm.tag.replace(/^v/, "");
const repository = path.resolve(import.meta.dirname, "../..");
const script = path.join(import.meta.dirname, "read_contract.py");
const read = run("python3", ["-B", script, version]);
contractSchema.parse(JSON.parse(read));
const file = path.join(repository, `components/engines/contracts/vllm-${version}.json`);
writeFileSync(file, read);
run("biome", ["format", "--write", file]);
console.log(`wrote ${path.relative(repository, file)}`);

function run(command: string, args: readonly string[]): string {
  const { status, stdout, error } = spawnSync(command, [...args], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    cwd: repository,
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ended with ${String(error?.message ?? status)}`);
}
