import test from "ava";
import { z } from "zod";
import { command } from "../support/command.ts";
import { replaceOnce, repository, repositoryCopy } from "../support/repository-copy.ts";

const stackFile = "stacks/Pulumi.dev.yaml";

test("the report of dev has the memory tables of 8 and 4 GPUs, and what memory alone needs", async (t) => {
  const { code, stdout } = await command(repository, ["fit", "dev"]);
  t.is(code, 0);
  t.snapshot(stdout);
});

test("one line moves the dev stack from 8 GPUs to 4, and all policies pass on both", async (t) => {
  const folder = await repositoryCopy(t);
  t.is((await command(folder, ["check", "dev"])).code, 0);
  await replaceOnce(folder, stackFile, "gpus: 8", "gpus: 4");
  const four = await command(folder, ["check", "dev"]);
  t.is(four.code, 0);
  t.regex(four.stdout, /dev: clean/);
  const fit = await command(folder, ["fit", "dev"]);
  t.is(fit.code, 0);
  t.regex(fit.stdout, /1 replica of 4 GPUs[\s\S]*4 GPUs \*[\s\S]*Fits\./);
});

test("on two GPUs check stops the stack, with GiB and at least three ways out", async (t) => {
  const folder = await repositoryCopy(t);
  await replaceOnce(folder, stackFile, "gpus: 8", "gpus: 2");
  const { code, stderr } = await command(folder, ["check", "dev"]);
  t.is(code, 2);
  t.regex(stderr, /private-llm:models\[0\]: .* 4\.1 GiB per GPU are missing, 8\.2 GiB in all/);
  const [, ways = ""] = /any one of these makes it fit: (.*)/.exec(stderr) ?? [];
  t.true(ways.split("; ").length >= 3, ways);
  const fit = await command(folder, ["fit", "dev"]);
  t.is(fit.code, 1);
  t.snapshot(fit.stdout);
});

test("the report as JSON holds the numbers as numbers", async (t) => {
  const { code, stdout } = await command(repository, ["fit", "staging", "--json"]);
  t.is(code, 0);
  const report = z
    .object({
      gpusPerNode: z.number(),
      models: z.array(
        z.object({
          smallestGpus: z.number(),
          fit: z.object({ poolTokens: z.number(), memory: z.record(z.string(), z.number()) }),
          onGpus: z.array(z.object({ gpus: z.number() })),
        }),
      ),
    })
    .parse(JSON.parse(stdout));
  t.is(report.models[0]?.smallestGpus, 4);
  t.deepEqual(
    report.models[0]?.onGpus.map(({ gpus }) => gpus),
    [8, 4],
  );
});

test("a stack that serves no model, and none at all, are usage errors", async (t) => {
  const cluster = await command(repository, ["fit", "staging-cluster"]);
  t.is(cluster.code, 2);
  t.regex(cluster.stderr, /serves no model; name the platform stack on it/);
  t.is((await command(repository, ["fit"])).code, 2);
});

test("a stack whose models cannot be read is told with all its faults", async (t) => {
  const folder = await repositoryCopy(t);
  await replaceOnce(folder, stackFile, "gpus: 8", "gpus: eight");
  const { code, stderr } = await command(folder, ["fit", "dev"]);
  t.is(code, 2);
  t.true(stderr.includes("models[0].gpus"));
});
