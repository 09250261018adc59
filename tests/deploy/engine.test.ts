import { chmod, readFile, stat } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { chooseEngine, findPulumi } from "../../deploy/engine/choose.ts";
import { pulumiUp } from "../../deploy/engine/pulumi.ts";
import { temporaryFolder } from "../support/temporary.ts";

test("without pulumi on PATH, server-side apply is taken and said", (t) => {
  t.deepEqual(chooseEngine(undefined, undefined), {
    engine: { kind: "ssa" },
    reason: "no pulumi on PATH: applying the rendered objects by server-side apply",
  });
});

test("with pulumi on PATH, it is taken and said", (t) => {
  t.deepEqual(chooseEngine(undefined, "/usr/bin/pulumi"), {
    engine: { kind: "pulumi", binary: "/usr/bin/pulumi" },
    reason: "found /usr/bin/pulumi: deploying with pulumi up",
  });
});

test("--engine forces one", (t) => {
  t.is(chooseEngine("ssa", "/usr/bin/pulumi").engine.kind, "ssa");
  t.throws(() => chooseEngine("pulumi", undefined), {
    message:
      "--engine pulumi: no pulumi on PATH; install it (https://www.pulumi.com/docs/install), or leave the option out",
  });
  t.throws(() => chooseEngine("helm", undefined), {
    message: "--engine helm is unknown; choose ssa or pulumi",
  });
});

/** Writes down how it was called. */
const fakePulumi = `#!/bin/sh
echo "$* backend=$PULUMI_BACKEND_URL passphrase=$PULUMI_CONFIG_PASSPHRASE_FILE kubeconfig=$KUBECONFIG" >> "$CALLS"
`;

test("the CLI gets a local backend, a passphrase that stays, the policies and the cluster", async (t) => {
  const folder = await temporaryFolder(t, { "bin/pulumi": fakePulumi });
  await chmod(path.join(folder, "bin/pulumi"), 0o755);
  const binary = await findPulumi(`relative:${folder}/none:${folder}/bin`);
  t.is(binary, `${folder}/bin/pulumi`);
  const env = { ...process.env, XDG_STATE_HOME: folder, CALLS: `${folder}/calls` };
  const run = {
    binary: binary ?? "",
    stack: "dev",
    root: folder,
    kubeconfig: "/k",
    local: true,
    yes: true,
    env,
  };
  await pulumiUp(run);
  const file = `${folder}/private-llm/pulumi/passphrase`;
  const passphrase = await readFile(file, "utf8");
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.true(passphrase.length > 40);
  await pulumiUp({ ...run, yes: false });
  t.is(await readFile(file, "utf8"), passphrase);
  const surroundings = `backend=file://${folder}/private-llm/pulumi passphrase=${file} kubeconfig=/k`;
  t.deepEqual((await readFile(`${folder}/calls`, "utf8")).split("\n"), [
    `stack select dev --create --secrets-provider passphrase ${surroundings}`,
    `up --stack dev --policy-pack policies --yes ${surroundings}`,
    `stack select dev --create --secrets-provider passphrase ${surroundings}`,
    `up --stack dev --policy-pack policies ${surroundings}`,
    "",
  ]);
});

test("the state of a stack elsewhere never lies on one machine by default", async (t) => {
  const folder = await temporaryFolder(t);
  const run = {
    binary: "/bin/true",
    stack: "prod",
    root: folder,
    kubeconfig: "/k",
    local: false,
    yes: true,
  };
  await t.throwsAsync(pulumiUp({ ...run, env: { XDG_STATE_HOME: folder } }), {
    message:
      "PULUMI_BACKEND_URL is not set, and the state of stack prod must not lie on one machine; set it to your self-hosted backend (docs/state.md), or use --engine ssa",
  });
});

test("a failing CLI ends the run", async (t) => {
  const folder = await temporaryFolder(t);
  const run = {
    binary: "/bin/false",
    stack: "dev",
    root: folder,
    kubeconfig: "/k",
    local: true,
    yes: true,
  };
  await t.throwsAsync(pulumiUp({ ...run, env: { XDG_STATE_HOME: folder } }), {
    message: "pulumi stack select ended with 1; see its output above",
  });
});
