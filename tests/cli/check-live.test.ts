import { once } from "node:events";
import { createServer } from "node:net";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { command } from "../support/command.ts";
import { repository } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

const usage: readonly { title: string; args: string[]; message: RegExp }[] = [
  {
    title: "no stack",
    args: ["--live"],
    message: /^--live takes its settings from one stack; name it, as in --stack prod\nusage: /,
  },
  {
    title: "a stack in the place of the option",
    args: ["dev", "--live"],
    message: /^--live takes its settings from one stack; name it, as in --stack dev\n/,
  },
  {
    title: "a stack that does not exist",
    args: ["--live", "--stack", "nope"],
    message: /^no stack file for nope; /,
  },
  {
    title: "a stack without Kubernetes objects",
    args: ["--live", "--stack", "staging-cluster"],
    message: /^stack staging-cluster is of layer cluster/,
  },
  {
    title: "options of another kind of check",
    args: ["--live", "--stack", "dev", "--manifests", ".", "--pack"],
    message: /^--manifests, --pack does not go with --live\n/,
  },
  {
    title: "options of a live check without it",
    args: ["dev", "--context", "work", "--stack", "dev"],
    message: /^--stack, --context goes with --live\n/,
  },
  {
    title: "a kubeconfig that is not there",
    args: ["--live", "--stack", "prod", "--kubeconfig", "/nowhere"],
    message: /^\/nowhere: no kubeconfig there; /,
  },
];

for (const { title, args, message } of usage) {
  test(`exit 2, no report and a remedy: ${title}`, async (t) => {
    const { code, stdout, stderr } = await command(repository, ["check", ...args]);
    t.is(code, 2);
    t.is(stdout, "");
    t.regex(stderr, message);
  });
}

test("exit 2, no report and a remedy: a server that does not answer", async (t) => {
  const { code, stdout, stderr } = await command(repository, [
    "check",
    "--live",
    "--stack",
    "prod",
    "--kubeconfig",
    await silentServer(t),
  ]);
  t.is(code, 2);
  t.is(stdout, "");
  t.regex(
    stderr,
    /^API endpoint https:\/\/127\.0\.0\.1:\d+ not reachable from here \(ECONNREFUSED\); /m,
  );
});

/** A kubeconfig of a port that nobody listens on any more. */
async function silentServer(t: ExecutionContext): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  const context = "private-llm-prod";
  const folder = await temporaryFolder(t, {
    kubeconfig: JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": context,
      contexts: [{ name: context, context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server: `https://127.0.0.1:${address.port}` } }],
      users: [{ name: "u", user: { token: "t" } }],
    }),
  });
  return path.join(folder, "kubeconfig");
}
