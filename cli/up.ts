import { deployStack } from "../deploy/deploy.ts";
import { chooseEngine, findPulumi } from "../deploy/engine/choose.ts";
import { refuseMixing } from "../deploy/engine/mixing.ts";
import { pulumiUp } from "../deploy/engine/pulumi.ts";
import { DeployError, throwIfInterrupted } from "../deploy/errors.ts";
import { endpoints, generatedSecrets, observe } from "../deploy/observe.ts";
import { type DeployableStack, deployableStack } from "../deploy/stack.ts";
import { platformOnly, stackConfig } from "../deploy/stack-config.ts";
import { countsText, type SummaryRow, summaryText } from "../deploy/summary.ts";
import { kubectlCommand } from "../deploy/target/kubectl.ts";
import { openTarget, ownCluster, realProcesses, type Target } from "../deploy/target/target.ts";
import type { StackConfig } from "../infra/config/parse.ts";
import { exampleEntries, readLock } from "../infra/lock.ts";
import { unusedImages } from "../infra/unused-images.ts";
import { exampleManifests, readWeightsLock } from "../infra/weights-lock.ts";
import { checkStack } from "../offline/check.ts";
import { exitCodeOf } from "../offline/report/stack-report.ts";
import { exceptionsText, textReport } from "../offline/report/text.ts";
import { readStackFile } from "../offline/stack-file.ts";
import type { Progress } from "../tools/cluster/progress.ts";
import { commandLine } from "./support/arguments.ts";
import { startDataPlane } from "./support/data-plane.ts";
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
import { surroundings } from "./support/surroundings.ts";
import { runCommand } from "./support/usage.ts";

const usage = `usage: up [STACK] [--context NAME] [--engine ssa|pulumi] [--charts DIR]
          [--timeout SECONDS] [--yes] [--force-conflicts] [--quiet]
checks the stack (default: dev), starts its cluster where that is local, deploys, waits until ready
exit:  0 done, 1 violation or not ready, 2 usage, configuration or refused, 3 undecided, 130 interrupted`;

function readArguments() {
  return commandLine(usage, {
    allowPositionals: true,
    options: {
      context: { type: "string" },
      engine: { type: "string" },
      charts: { type: "string" },
      timeout: { type: "string", default: "300" },
      yes: { type: "boolean", default: false },
      "force-conflicts": { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
}

type Options = ReturnType<typeof readArguments>["values"];

/** What every step of one `up` needs. */
interface Run {
  readonly stack: string;
  readonly options: Options;
  readonly timeoutSeconds: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function main(): Promise<number> {
  const { values: options, positionals } = readArguments();
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const stack = oneStack(positionals, usage);
  await chosenStacks([stack]);
  const run: Run = {
    stack,
    options,
    timeoutSeconds: timeoutSeconds(options.timeout),
    progress: progressFor(options.quiet),
    signal: interruption(),
  };
  const verdict = await check(run);
  return verdict === 0 ? deployChecked(run) : verdict;
}

/** Nothing is touched unless every policy holds. */
async function check({ stack, options, progress }: Run): Promise<number> {
  const report = await checkStack(stack, await surroundings(options.charts));
  const verdict = exitCodeOf([report]);
  if (verdict !== 0) {
    process.stdout.write(`${textReport([report])}\nnothing was deployed\n`);
    return verdict;
  }
  const exceptions = exceptionsText(report);
  if (exceptions !== "") process.stdout.write(`${exceptions}\n`);
  const { resources, rules } = report;
  progress.step(
    `${stack}: clean, ${rules.run} of ${rules.defined} policies over ${resources.length} resources`,
  );
  return verdict;
}

async function deployChecked(run: Run): Promise<number> {
  const { stack, options, progress, signal } = run;
  const file = await readStackFile(repositoryRoot, stack);
  const { engine, reason } = chooseEngine(options.engine, await findPulumi(process.env["PATH"]));
  progress.step(reason);
  const parsed = stackConfig(file);
  if (engine.kind === "pulumi" && parsed.layer === "cluster") {
    await pulumiUp({ ...pulumiRun(run, engine.binary), kubeconfig: undefined, local: false });
    return 0;
  }
  const { cluster } = platformOnly(parsed, stack);
  const targetOptions = { stack, cluster, context: options.context, progress, env: process.env };
  if (ownCluster(targetOptions) === undefined) refuseExamples(stack, parsed);
  // Whatever is wrong with the stack itself is said before a cluster is started for it.
  const deployable = engine.kind === "ssa" ? await readDeployable(run) : undefined;
  const target = await openTarget(targetOptions);
  throwIfInterrupted(signal);
  if (engine.kind === "ssa")
    return applyStack(run, parsed, deployable ?? (await readDeployable(run)), target);
  if (options.context !== undefined) {
    throw new DeployError(
      "--context: the Pulumi program takes the context from the stack file; change it there",
    );
  }
  await refuseMixing(target.client, stack);
  const { kubeconfig, own } = target;
  await pulumiUp({ ...pulumiRun(run, engine.binary), kubeconfig, local: own !== undefined });
  const made = await readDeployable(run);
  await summarise(
    run,
    parsed,
    made,
    target,
    await observe(target.client, made.planned),
    "deployed by the Pulumi CLI",
  );
  return 0;
}

function pulumiRun({ stack, options }: Run, binary: string) {
  const yes = options.yes || !process.stdin.isTTY;
  return { binary, stack, root: repositoryRoot, yes, env: process.env };
}

async function readDeployable({ stack, options }: Run): Promise<DeployableStack> {
  return deployableStack(stack, await surroundings(options.charts));
}

/** A made-up digest does no harm where no container runs, and anywhere else it pulls nothing, or worse. */
function refuseExamples(stack: string, config: StackConfig): void {
  const examples = [
    ...exampleEntries(readLock(), unusedImages(config)),
    ...exampleManifests(readWeightsLock()),
  ];
  if (examples.length === 0) return;
  throw new DeployError(
    `stacks/digests.lock.json and stacks/weights.lock.json hold ${examples.length} examples that no registry was asked for, such as ` +
      `${examples[0] ?? ""}; run npm run lock on a connected machine before deploying stack ${stack}`,
  );
}

async function applyStack(
  run: Run,
  config: StackConfig,
  made: DeployableStack,
  target: Target,
): Promise<number> {
  const { stack, options, timeoutSeconds: seconds, progress, signal } = run;
  const ask = asker();
  const result = await deployStack({
    client: target.client,
    stack,
    ...made,
    timeoutSeconds: seconds,
    yes: options.yes,
    confirm:
      ask === undefined
        ? undefined
        : async (question) => /^y(es)?$/i.test((await ask(`${question} [y/N]`)).trim()),
    forceConflicts: options["force-conflicts"],
    progress,
    signal,
  });
  await summarise(run, config, made, target, result.objects, countsText(result));
  return 0;
}

async function summarise(
  { stack, options, progress }: Run,
  config: StackConfig,
  { planned, simulated }: DeployableStack,
  target: Target,
  objects: readonly SummaryRow[],
  counts: string,
): Promise<void> {
  const calls = await startDataPlane(config, target, progress);
  const summary = {
    stack,
    server: target.client.server,
    objects,
    processes: target.own === undefined ? [] : await realProcesses(target.own, process.env),
    simulated,
    endpoints: endpoints(planned),
    secrets: generatedSecrets(planned),
    calls,
    kubectl: await kubectlCommand(target, process.env),
    counts,
  };
  process.stdout.write(options.quiet ? `${stack}: ${counts}\n` : `\n${summaryText(summary)}\n`);
}

await runCommand(() => deploymentEnding(main));
