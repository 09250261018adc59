import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { surroundings } from "../../cli/support/surroundings.ts";
import { deployableStack } from "../../deploy/stack.ts";
import { command } from "../support/command.ts";
import { replaceOnce, repository, repositoryCopy } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** A kubeconfig whose server does not exist, and a state folder with no cluster. */
async function elsewhere(t: ExecutionContext, context: string) {
  const port = await closedPort();
  const server = `https://127.0.0.1:${port}`;
  const folder = await temporaryFolder(t, {
    kubeconfig: JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": context,
      contexts: [{ name: context, context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server } }],
      users: [{ name: "u", user: { token: "t" } }],
    }),
  });
  const kubeconfig = path.join(folder, "kubeconfig");
  return { folder, server, kubeconfig, env: { XDG_STATE_HOME: folder, KUBECONFIG: kubeconfig } };
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return address.port;
}

test("a kubeconfig that points at another cluster than the stack's is refused", async (t) => {
  const { env, kubeconfig, server } = await elsewhere(t, "work");
  const { code, stderr } = await command(repository, ["down", "prod", "--confirm", "prod"], env);
  t.is(code, 2);
  t.is(
    stderr,
    `refused: context "work" in ${kubeconfig} points at ${server}, a cluster that this tool did not make, ` +
      'and stack prod belongs to context "private-llm-prod"; name the cluster to use with --context NAME\n',
  );
});

test("a cluster that does not answer is named with the remedy", async (t) => {
  const { env, server } = await elsewhere(t, "private-llm-prod");
  const { code, stderr } = await command(repository, ["down", "prod", "--confirm", "prod"], env);
  t.is(code, 2);
  t.is(
    stderr,
    `API endpoint ${server} not reachable from here (ECONNREFUSED); run this from a machine in the ` +
      "cluster's network (VPN, bastion or a runner inside), and see that the kubeconfig names the right server\n",
  );
});

test("down elsewhere needs the stack's name", async (t) => {
  const { env, server } = await elsewhere(t, "private-llm-prod");
  const unasked = await command(repository, ["down", "prod"], env);
  t.is(unasked.code, 2);
  t.is(
    unasked.stderr,
    `nothing was deleted: this deletes the objects of stack prod from ${server}; confirm with --confirm prod\n`,
  );
  const wrong = await command(repository, ["down", "prod", "--confirm", "dev"], env);
  t.is(wrong.stderr, 'nothing was deleted: "dev" is not the name of the stack, prod\n');
});

test("a kubeconfig that is not there is named", async (t) => {
  const folder = await temporaryFolder(t);
  const env = { XDG_STATE_HOME: folder, KUBECONFIG: path.join(folder, "none") };
  const { code, stderr } = await command(repository, ["down", "prod", "--confirm", "prod"], env);
  t.is(code, 2);
  t.is(
    stderr,
    `${folder}/none: no kubeconfig there; set KUBECONFIG to the one of the cluster that this stack belongs to\n`,
  );
});

test("example digests are refused on any cluster that this tool did not make", async (t) => {
  const { env } = await elsewhere(t, "work");
  const { code, stderr } = await command(repository, ["up", "dev", "--context", "work"], env);
  t.is(code, 2);
  t.regex(
    stderr,
    /stacks\/digests\.lock\.json and stacks\/weights\.lock\.json hold \d+ examples that no registry was asked for, such as \S+; run npm run lock on a connected machine before deploying stack dev\n$/,
  );
});

test("a violation stops up before anything is touched", async (t) => {
  const copy = await repositoryCopy(t);
  await replaceOnce(
    copy,
    "components/model-server/deployment.ts",
    "allowPrivilegeEscalation: false",
    "allowPrivilegeEscalation: true",
  );
  const state = await temporaryFolder(t);
  const { code, stdout } = await command(copy, ["up", "dev"], { XDG_STATE_HOME: state });
  t.is(code, 1);
  t.regex(stdout, /allowPrivilegeEscalation/);
  t.true(stdout.endsWith("\nnothing was deployed\n"));
  t.deepEqual(await readdir(state), []);
});

test("an undecided stack stops up before anything is touched", async (t) => {
  const state = await temporaryFolder(t);
  const { code, stdout } = await command(repository, ["up", "prod"], { XDG_STATE_HOME: state });
  t.is(code, 3);
  t.true(stdout.endsWith("\nnothing was deployed\n"));
});

test("a stack of layer cluster needs the Pulumi CLI, and up says so", async (t) => {
  const { code, stderr } = await command(repository, ["up", "staging-cluster", "--engine", "ssa"]);
  t.is(code, 2);
  t.regex(
    stderr,
    /\nstack staging-cluster is of layer cluster: it makes cloud resources, which only the Pulumi CLI can; install it \(https:\/\/www\.pulumi\.com\/docs\/install\), then run this again\n$/,
  );
});

test("an encrypted value needs the Pulumi CLI, and is named", async (t) => {
  const copy = await repositoryCopy(t);
  await replaceOnce(
    copy,
    "stacks/Pulumi.dev.yaml",
    "  private-llm:layer: platform",
    "  private-llm:layer: platform\n  private-llm:kubeconfig:\n    secure: v1:abc",
  );
  const outside = { ...(await surroundings(undefined)), root: copy };
  await t.throwsAsync(deployableStack("dev", outside), {
    message:
      "stack dev holds what only the Pulumi CLI can read or make; install it and use --engine pulumi\n" +
      "  stacks/Pulumi.dev.yaml: private-llm:kubeconfig is encrypted",
  });
});

test("a wrong command line is answered with how it is written", async (t) => {
  const two = await command(repository, ["up", "dev", "prod"]);
  t.is(two.code, 2);
  t.regex(two.stderr, /^one stack at a time; leave out prod\nusage: up \[STACK\]/);
  const timeout = await command(repository, ["up", "dev", "--timeout", "soon"]);
  t.is(timeout.stderr, "--timeout soon: give whole seconds, as in --timeout 300\n");
});
