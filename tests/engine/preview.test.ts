import { spawn, spawnSync } from "node:child_process";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { replaceOnce, repositoryCopy } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

// The engine downloads the plugins of its providers, so these tests want a network as well.
const found = spawnSync("pulumi", ["version"], { encoding: "utf8" }).error === undefined;
const withEngine = found ? test : test.skip;
const why = found ? "" : " (needs pulumi on PATH)";

interface Preview {
  readonly code: number | null;
  readonly output: string;
}

/** `pulumi preview` of dev with the policy pack, on a local backend and without any cluster. */
async function preview(t: ExecutionContext, folder: string): Promise<Preview> {
  const state = await temporaryFolder(t);
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "for this test alone",
    KUBECONFIG: path.join(state, "no-cluster"),
  };
  const init = await run("pulumi", ["stack", "init", "dev"], folder, env);
  t.is(init.code, 0, init.output);
  const args = ["preview", "--stack", "dev", "--policy-pack", "policies", "--non-interactive"];
  return run("pulumi", args, folder, env);
}

function run(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Preview> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk: Buffer) => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

withEngine(`the engine previews dev and the pack finds nothing${why}`, async (t) => {
  t.timeout(300_000);
  const { code, output } = await preview(t, await repositoryCopy(t));
  t.is(code, 0, output);
  t.regex(output, /private-llm@/);
});

withEngine(`the engine stops at a program that breaks a policy${why}`, async (t) => {
  t.timeout(300_000);
  const folder = await repositoryCopy(t);
  await replaceOnce(
    folder,
    "components/model-server/deployment.ts",
    "automountServiceAccountToken: false,",
    "automountServiceAccountToken: true,",
  );
  const { code, output } = await preview(t, folder);
  t.is(code, 1, output);
  t.true(output.includes("W03"), output);
  t.true(output.includes("automountServiceAccountToken"), output);
});
