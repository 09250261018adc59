import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Manifest } from "../../components/lib/weights/manifest.ts";
import { llamaConfig } from "../infra/hub-configs.ts";
import { command } from "../support/command.ts";
import { repositoryCopy } from "../support/repository-copy.ts";

const execute = promisify(execFile);
const revision = "a".repeat(40);
const own = {
  config: "models/acme-70b/config.json",
  repository: "acme/support-llama-70b",
  licence: { name: "Llama 3.1 Community License" },
  checkpoints: { awq: "acme/support-llama-70b-awq" },
};

/** The least that a checkpoint can consist of. */
function manifestOf(repository: string): Manifest {
  const file = { path: "config.json", bytes: 2, sha256: "ab".repeat(32) };
  return {
    schema: 1,
    repository,
    revision,
    licence: "Llama 3.1 Community License",
    quantisation: "bf16",
    chatTemplate: null,
    files: [file],
  };
}

const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()) });

/** A repository whose stack dev serves a model of its own, and whose lock knows `locked`. */
async function copyWith(t: ExecutionContext, served: object, locked: string): Promise<string> {
  const folder = await repositoryCopy(t);
  await mkdir(path.join(folder, "models/acme-70b"), { recursive: true });
  await writeFile(path.join(folder, own.config), JSON.stringify(llamaConfig()));
  const file = path.join(folder, "stacks/Pulumi.dev.yaml");
  const { config, ...rest } = stackFile.parse(parse(await readFile(file, "utf8")));
  const models = z.array(z.looseObject({})).parse(config["private-llm:models"]);
  const changed = {
    ...config,
    "private-llm:catalogue": { "acme-70b": own },
    "private-llm:models": models.map((model) => ({ ...model, model: "acme-70b", ...served })),
  };
  await writeFile(file, stringify({ ...rest, config: changed }));
  const lockFile = path.join(folder, "stacks/digests.lock.json");
  const lock = z.looseObject({}).parse(JSON.parse(await readFile(lockFile, "utf8")));
  await writeFile(lockFile, JSON.stringify({ ...lock, models: { [locked]: { revision } } }));
  await writeFile(
    path.join(folder, "stacks/weights.lock.json"),
    JSON.stringify({ [`${locked}@${revision}`]: { manifest: manifestOf(locked) } }),
  );
  return folder;
}

test("a model of one's own passes every policy and stands in the bill of materials", async (t) => {
  const folder = await copyWith(t, {}, own.repository);
  const check = await command(folder, ["check", "dev"]);
  t.is(check.code, 0, check.stdout + check.stderr);
  const out = path.join(folder, "out");
  const render = await command(folder, ["render", "dev", "--out", out]);
  t.is(render.code, 0, render.stderr);
  const bill = await readFile(path.join(out, "bill-of-materials.json"), "utf8");
  t.true(bill.includes(own.repository) && bill.includes(revision));
});

test("its quantised checkpoint is what the lock must hold then", async (t) => {
  const folder = await copyWith(t, { precision: "awq" }, own.repository);
  const check = await command(folder, ["check", "dev"]);
  t.is(check.code, 2);
  t.regex(
    check.stderr,
    /the digest lock lacks model acme\/support-llama-70b-awq; run npm run lock/,
  );
});

test("the lock reads what the stacks serve, and names a stack that cannot be used", async (t) => {
  const folder = await copyWith(t, { precision: "awq" }, own.repository);
  const program = `import { servedCheckpoints } from "./cli/support/served-checkpoints.ts";
    console.log(JSON.stringify((await servedCheckpoints()).map((one) => one.repository)));`;
  const served = await execute(process.execPath, ["--input-type=module", "-e", program], {
    cwd: folder,
  });
  t.deepEqual(JSON.parse(served.stdout), [
    "acme/support-llama-70b-awq",
    "meta-llama/Meta-Llama-3-70B-Instruct",
  ]);
  await writeFile(path.join(folder, own.config), "{}");
  const lock = await command(folder, ["lock", "--check", "--only", "models"]);
  t.is(lock.code, 2);
  t.regex(lock.stderr, /^stacks\/Pulumi\.dev\.yaml: the stack is misconfigured/);
  t.regex(lock.stderr, /models\/acme-70b\/config\.json: architectures: missing/);
});
