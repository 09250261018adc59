import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { command } from "../support/command.ts";
import { replaceOnce, repositoryCopy } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

const reason = "a debugging sidecar needs the API until it is replaced";

/** The program with a pod that carries a token, which W03 refuses, and an exception for it. */
async function broken(t: ExecutionContext, exception: Readonly<Record<string, string>>) {
  const folder = await repositoryCopy(t);
  await replaceOnce(
    folder,
    "components/model-server/deployment.ts",
    "automountServiceAccountToken: false,",
    "automountServiceAccountToken: true,",
  );
  const fields = {
    policy: "W03",
    object: "Deployment inference/llama-3-70b",
    reason,
    owner: "platform lead",
    expires: "9999-12-31",
    ...exception,
  };
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  await replaceOnce(
    folder,
    "stacks/Pulumi.dev.yaml",
    "  private-llm:registry:",
    `  private-llm:policies:\n    exceptions:\n      - ${lines.join("\n        ")}\n  private-llm:registry:`,
  );
  return folder;
}

test("check prints an excepted finding and ends with 0, and the pack as a process finds the same", async (t) => {
  const folder = await broken(t, {});
  const { code, stdout } = await command(folder, ["check", "dev", "--pack"]);
  t.is(code, 0, stdout);
  t.true(stdout.includes(", 0 violations, 1 excepted\n"));
  t.regex(
    stdout,
    /Excepted:\n {4}- \[excepted until 9999-12-31\] W03 no-service-account-token\n {6}Deployment inference\/llama-3-70b\n/,
  );
  t.true(stdout.includes(`platform lead: ${reason}`));
  t.true(stdout.includes("Policy pack as a process: finds the same"));
});

test("check refuses an expired exception, and the pack as a process finds the same", async (t) => {
  const folder = await broken(t, { expires: "2020-02-29" });
  const { code, stdout } = await command(folder, ["check", "dev", "--pack"]);
  t.is(code, 1);
  t.true(
    stdout.includes(
      "private-llm:policies.exceptions[0].expires: the exception of W03 for Deployment inference/llama-3-70b ended on 2020-02-29, so it excepts nothing",
    ),
  );
  t.regex(stdout, /automountServiceAccountToken: is true and must be false/);
  t.true(stdout.includes("Policy pack as a process: finds the same"));
});

test("an exception for another object leaves the violation, and is told to be unused", async (t) => {
  const folder = await broken(t, { object: "Deployment inference/other" });
  const { code, stdout } = await command(folder, ["check", "dev"]);
  t.is(code, 1);
  t.regex(stdout, /Unused exceptions:\n {4}- private-llm:policies\.exceptions\[0\]: W03 for/);
});

test("render writes what is excepted, and prints it", async (t) => {
  const folder = await broken(t, {});
  const out = path.join(await temporaryFolder(t), "rendered");
  const { code, stderr } = await command(folder, ["render", "dev", "--out", out]);
  t.is(code, 0, stderr);
  t.regex(stderr, /^Excepted:\n {4}- \[excepted until 9999-12-31\] W03 /);
});

test("a stack file with an exception for C01 is a configuration error", async (t) => {
  const folder = await broken(t, { policy: "C01" });
  const { code, stderr } = await command(folder, ["check", "dev"]);
  t.is(code, 2);
  t.true(stderr.includes("C01 has no exceptions: what cannot be read, nobody can accept"), stderr);
});
