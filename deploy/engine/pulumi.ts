import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { exists, privateFolder, writePrivate } from "../../tools/cluster/lib/files.ts";
import { stateRoot } from "../../tools/cluster/lib/paths.ts";
import { DeployError } from "../errors.ts";

export interface PulumiRun {
  readonly binary: string;
  readonly stack: string;
  /** Root of the repository. */
  readonly root: string;
  readonly kubeconfig: string | undefined;
  /** Whether the stack's cluster is the local one: its state may then stay on this machine. */
  readonly local: boolean;
  /** Go ahead without asking; also where nobody could be asked. */
  readonly yes: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** `pulumi up` with the policy pack. @throws DeployError where it fails; its own words are on the terminal */
export async function pulumiUp(run: PulumiRun): Promise<void> {
  const env = await pulumiEnvironment(run);
  const { stack, local } = run;
  const provider = local ? ["--secrets-provider", "passphrase"] : [];
  await pulumi(run, env, ["stack", "select", stack, "--create", ...provider]);
  await pulumi(run, env, ["up", "--stack", stack, "--policy-pack", "policies", ...consent(run)]);
}

/** `pulumi destroy`; what is protected stays and makes it fail. */
export async function pulumiDestroy(run: PulumiRun): Promise<void> {
  const env = await pulumiEnvironment(run);
  await pulumi(run, env, ["destroy", "--stack", run.stack, ...consent(run)]);
}

function consent({ yes }: PulumiRun): string[] {
  return yes ? ["--yes"] : [];
}

/**
 * State of a local cluster lies beside the cluster; state of any other belongs on a backend that more
 * than one machine can reach, which the user names.
 */
export async function pulumiEnvironment(run: PulumiRun): Promise<NodeJS.ProcessEnv> {
  const { env, root, kubeconfig, local, stack } = run;
  const shared = {
    ...env,
    PATH: [path.join(root, "node_modules", ".bin"), env["PATH"] ?? ""].join(path.delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
  if (!local) {
    if ((env["PULUMI_BACKEND_URL"] ?? "") !== "") return shared;
    throw new DeployError(
      `PULUMI_BACKEND_URL is not set, and the state of stack ${stack} must not lie on one machine; ` +
        "set it to your self-hosted backend (docs/state.md), or use --engine ssa",
    );
  }
  const folder = pulumiFolder(env);
  await privateFolder(folder);
  return {
    ...shared,
    PULUMI_BACKEND_URL: pathToFileURL(folder).href,
    // It would win over the file.
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_CONFIG_PASSPHRASE_FILE: await passphraseFile(folder),
  };
}

/** Made once; whoever loses it loses the secrets in the state beside it. */
async function passphraseFile(folder: string): Promise<string> {
  const file = path.join(folder, "passphrase");
  if (!(await exists(file))) await writePrivate(file, `${randomBytes(32).toString("base64url")}\n`);
  return file;
}

function pulumiFolder(env: NodeJS.ProcessEnv): string {
  return path.join(stateRoot(env), "pulumi");
}

/** Whether the Pulumi CLI has state for a stack of a local cluster. */
export function hasLocalState(
  project: string,
  stack: string,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  return exists(path.join(pulumiFolder(env), ".pulumi", "stacks", project, `${stack}.json`));
}

/** Ctrl-C reaches the CLI too, which then finishes what it has begun; so this process waits for it. */
function pulumi(
  { binary, root }: PulumiRun,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { cwd: root, env, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          new DeployError(
            `pulumi ${args.slice(0, 2).join(" ")} ended with ${code ?? "a signal"}; see its output above`,
            1,
          ),
        );
    });
  });
}
