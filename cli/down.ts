import { removeStack } from "../deploy/down.ts";
import { findPulumi } from "../deploy/engine/choose.ts";
import { hasLocalState, pulumiDestroy } from "../deploy/engine/pulumi.ts";
import { DeployError } from "../deploy/errors.ts";
import { named } from "../deploy/inventory.ts";
import { platformOnly, stackConfig } from "../deploy/stack-config.ts";
import { openTarget, ownCluster, realProcesses } from "../deploy/target/target.ts";
import type { PlatformConfig } from "../infra/config/platform.ts";
import { readStackFile } from "../offline/stack-file.ts";
import { clusterStatus, resetCluster, startCluster } from "../tools/cluster/cluster.ts";
import type { Progress } from "../tools/cluster/progress.ts";
import { commandLine } from "./support/arguments.ts";
import {
  asker,
  deploymentEnding,
  interruption,
  oneStack,
  progressFor,
  timeoutSeconds,
} from "./support/deployment.ts";
import { repositoryRoot } from "./support/repository.ts";
import { chosenStacks } from "./support/stacks.ts";
import { runCommand } from "./support/usage.ts";

const usage = `usage: down [STACK] [--context NAME] [--confirm STACK] [--yes] [--timeout SECONDS] [--quiet]
removes what up made: the whole cluster where it is local (default stack: dev), elsewhere the stack's
objects, and with --yes also those that hold data
exit:  0 done, 1 failed, 2 usage, configuration or refused, 130 interrupted`;

function readArguments() {
  return commandLine(usage, {
    allowPositionals: true,
    options: {
      context: { type: "string" },
      confirm: { type: "string" },
      timeout: { type: "string", default: "300" },
      yes: { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
}

interface Run {
  readonly stack: string;
  readonly project: string;
  readonly config: PlatformConfig;
  readonly options: ReturnType<typeof readArguments>["values"];
  readonly progress: Progress;
}

async function main(): Promise<number> {
  const { values: options, positionals } = readArguments();
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const stack = oneStack(positionals, usage);
  await chosenStacks([stack]);
  const file = await readStackFile(repositoryRoot, stack);
  const config = platformOnly(stackConfig(file), stack);
  const progress = progressFor(options.quiet);
  const run: Run = { stack, project: file.project, config, options, progress };
  const own = ownCluster({ cluster: config.cluster, context: options.context });
  return own === undefined ? removeElsewhere(run) : removeLocal(run, own);
}

/** The cluster was made for the stack, and goes with it; nothing else is on it. */
async function removeLocal(
  { stack, project, config, progress }: Run,
  own: string,
): Promise<number> {
  const status = await clusterStatus(own);
  if (status.state === "absent") {
    process.stdout.write(`${stack}: cluster ${own} does not exist, nothing to remove\n`);
    return 0;
  }
  if (await hasLocalState(project, stack, process.env)) {
    const { podCidr, serviceCidr } = config.cluster.network;
    // Destroying needs an API server that answers.
    await startCluster({ name: own, progress, podCidr, serviceCidr });
    await destroyState(stack, status.kubeconfig);
  }
  const processes = await realProcesses(own, process.env);
  await resetCluster({ name: own, progress });
  const ended = processes.length === 0 ? "no process was running" : `ended ${processes.join(", ")}`;
  process.stdout.write(
    `${stack}: removed cluster ${own} with everything on it: ${ended}; deleted ${status.folder}\n`,
  );
  return 0;
}

/** Otherwise the Pulumi CLI would go on believing in objects of a cluster that is gone. */
async function destroyState(stack: string, kubeconfig: string): Promise<void> {
  const binary = await findPulumi(process.env["PATH"]);
  if (binary === undefined) {
    throw new DeployError(
      `stack ${stack} was deployed by the Pulumi CLI, and no pulumi is on PATH to destroy it; put it there and run down again`,
    );
  }
  await pulumiDestroy({
    binary,
    stack,
    root: repositoryRoot,
    kubeconfig,
    local: true,
    yes: true,
    env: process.env,
  });
}

async function removeElsewhere(run: Run): Promise<number> {
  const { stack, config, options, progress } = run;
  const signal = interruption();
  const { client } = await openTarget({
    stack,
    cluster: config.cluster,
    context: options.context,
    progress,
    env: process.env,
  });
  await confirmName(run, client.server);
  const result = await removeStack({
    client,
    stack,
    yes: options.yes,
    timeoutSeconds: timeoutSeconds(options.timeout),
    progress,
    signal,
  });
  if (result === undefined) {
    process.stdout.write(
      `${stack}: server-side apply put nothing on ${client.server}; what the Pulumi CLI made, pulumi destroy --stack ${stack} removes\n`,
    );
    return 0;
  }
  const kept = result.kept.map((entry) => `  ${named(entry)}`);
  const rest =
    kept.length === 0 ? "" : `; kept what holds data (remove it with --yes):\n${kept.join("\n")}`;
  process.stdout.write(
    `${stack}: removed ${result.removed} objects from ${client.server}${rest}\n`,
  );
  return 0;
}

/** Typing the name is the moment in which one notices that it is the wrong one. */
async function confirmName({ stack, options }: Run, server: string): Promise<void> {
  const ask = asker();
  const what = `this deletes the objects of stack ${stack} from ${server}`;
  if (options.confirm === undefined && ask === undefined) {
    throw new DeployError(`nothing was deleted: ${what}; confirm with --confirm ${stack}`);
  }
  const typed =
    options.confirm ?? (await ask?.(`${what}. Type the name of the stack to go on:`)) ?? "";
  if (typed.trim() === stack) return;
  throw new DeployError(
    `nothing was deleted: "${typed.trim()}" is not the name of the stack, ${stack}`,
  );
}

await runCommand(() => deploymentEnding(main));
