import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { readStackFile } from "../../../offline/stack-file.ts";
import { pages } from "../../docs/support/documents.ts";
import { locksRead } from "../../support/locks-read.ts";
import { replaceOnce, repository, repositoryCopy } from "../../support/repository-copy.ts";
import { sources } from "../support/sources.ts";

/** Runs the program of a folder as an engine does, on an update without any policy pack. */
const update = `
  import * as pulumi from "@pulumi/pulumi";
  import { readFileSync } from "node:fs";
  const { config, project, stack } = JSON.parse(readFileSync(0, "utf8"));
  const { program } = await import(process.cwd() + "/infra/index.ts");
  const made = [];
  pulumi.runtime.setAllConfig(config, []);
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, inputs }) => { made.push(type); return { id: "id", state: inputs }; },
  }, project, stack, false);
  try {
    await program();
    await pulumi.runtime.disconnect();
    console.log(JSON.stringify({ made: made.length }));
  } catch (error) {
    console.log(JSON.stringify({ made: made.length, message: error.message, told: pulumi.RunError.isInstance(error) }));
  }
  process.exit();
`;

interface Updated {
  /** Resources that the program registered. */
  readonly made: number;
  readonly message?: string;
  readonly told?: boolean;
  readonly complaints: string;
}

async function updated(folder: string, stack: string): Promise<Updated> {
  const file = await readStackFile(folder, stack);
  const child = spawn(process.execPath, ["--input-type=module", "-e", update], {
    cwd: folder,
    env: { ...process.env, CHARTS_DIR: "" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  child.stdin.end(JSON.stringify({ config: file.config, project: file.project, stack }));
  await new Promise((resolve) => child.once("close", resolve));
  const last = out.trim().split("\n").at(-1) ?? "";
  return { ...JSON.parse(last === "" ? "{}" : last), complaints: `${out}${complaints}` };
}

async function loosened(t: ExecutionContext): Promise<string> {
  const folder = await repositoryCopy(t);
  await replaceOnce(
    folder,
    "components/model-server/deployment.ts",
    "automountServiceAccountToken: false,",
    "automountServiceAccountToken: true,",
  );
  return folder;
}

test("F9: the program itself deploys what its policies accept, without any pack", async (t) => {
  const { made, message, complaints } = await updated(repository, "dev");
  t.is(message, undefined, complaints);
  t.true(made > 20, `${made} resources; ${complaints}`);
});

test("F9: the program registers nothing where a policy is violated, although nobody passed the pack", async (t) => {
  const { made, message, told } = await updated(await loosened(t), "dev");
  t.is(made, 0);
  t.true(told);
  t.regex(
    message ?? "",
    /^stack dev violates its own policies, so nothing is deployed; npm run check -- dev tells more\n {2}W03 Deployment inference\/llama-3-70b: \S+automountServiceAccountToken: is true and must be false$/,
  );
});

test("F9: what the stack file excepts is deployed, and told", async (t) => {
  const folder = await loosened(t);
  await replaceOnce(
    folder,
    "stacks/Pulumi.dev.yaml",
    "  private-llm:registry:",
    `  private-llm:policies:
    exceptions:
      - policy: W03
        object: Deployment inference/llama-3-70b
        reason: a sidecar needs the API until it is replaced
        owner: platform lead
        expires: "9999-12-31"
  private-llm:registry:`,
  );
  const { made, message, complaints } = await updated(folder, "dev");
  t.is(message, undefined, complaints);
  t.true(made > 20);
  t.regex(
    complaints,
    /excepted until 9999-12-31 by platform lead: W03 Deployment inference\/llama-3-70b: a sidecar/,
  );
});

test("F9: a check that gives no verdict lets nothing be deployed", async (t) => {
  const folder = await repositoryCopy(t);
  await writeFile(path.join(folder, "cli/check.ts"), 'throw new Error("out of order");\n');
  const { made, message } = await updated(folder, "dev");
  t.is(made, 0);
  t.regex(message ?? "", /^stack dev could not be checked, so nothing is deployed: /);
});

test("F9: a chart that the program cannot read is told, since only the pack sees its objects", async (t) => {
  const folder = await repositoryCopy(t);
  // Examples are refused before anything is checked.
  await locksRead(folder);
  const { message, complaints } = await updated(folder, "prod");
  t.is(message, undefined);
  t.regex(
    complaints,
    /the program could not check gpu-operator v26\.7\.0, kube-prometheus-stack 88\.5\.3; only the policy pack sees those objects, so pass --policy-pack policies/,
  );
});

/** `pulumi preview` and `pulumi up` as somebody would type or run them. */
const command = /\bpulumi (?:preview|up)\b[^\n`]*/g;

test("F9: every preview and update that the documentation shows passes the pack, and none skips the preview", (t) => {
  const shown = pages().flatMap(({ file, text }) =>
    [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
      [...block.matchAll(command)].map(([line]) => ({ file, line })),
    ),
  );
  t.true(shown.filter(({ file }) => file === "docs/ci.md").length >= 3);
  const without = shown.filter(
    ({ line }) => !line.includes("--policy-pack policies") || line.includes("--skip-preview"),
  );
  t.deepEqual(without, []);
});

test("F9: every pipeline that the documentation shows runs check and asserts the policies of its preview", (t) => {
  const ci = pages().find(({ file }) => file === "docs/ci.md")?.text ?? "";
  const pipelines = [...ci.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  t.is(pipelines.length, 2);
  for (const pipeline of pipelines) {
    t.true(pipeline.includes("npm run --silent check -- --charts"));
    t.true(pipeline.includes("node cli/assert-policies.ts events.jsonl"));
    t.false(pipeline.includes("--policy-pack-config"));
  }
});

test("F9: no program of this repository starts an update without the pack or without its preview", async (t) => {
  const folders = await Promise.all(["cli", "deploy", "tools"].map(sources));
  const calls = folders
    .flat()
    .flatMap(({ text }) => text.match(/\[\s*"(?:up|preview)",[^\]]*\]/g) ?? []);
  t.is(calls.length, 1);
  t.true(calls.every((call) => call.includes('"--policy-pack", "policies"')));
  t.false(folders.flat().some(({ text }) => text.includes("--skip-preview")));
});
