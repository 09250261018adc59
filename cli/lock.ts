import { fileURLToPath } from "node:url";
import type { Registry } from "../components/lib/images.ts";
import { LockFileError, lockPath } from "../infra/lock.ts";
import { isLoopback, parseMirror } from "../lock/hosts.ts";
import { huggingFace } from "../lock/model-revision.ts";
import { readerOf, type ToolPath } from "../lock/readers.ts";
import { changesText, failuresText } from "../lock/report.ts";
import { exitCodeOf, type LockResult, type Mode, runLock } from "../lock/run-lock.ts";
import { builtKeys, catalogueOf, type Kind, kinds } from "../lock/subjects.ts";
import { ensureTool } from "../tools/cluster/binaries/ensure.ts";
import { consoleProgress } from "../tools/cluster/progress.ts";
import { commandLine } from "./support/arguments.ts";
import { lockWeights } from "./support/lock-weights.ts";
import { servedCheckpoints } from "./support/served-checkpoints.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { userPath } from "./support/user-path.ts";

const usage = `usage: npm run lock -- [--check | --partial] [--only images|charts|models ...]
                       [--mirror HOST[/PREFIX] [--plain-http]] [--out FILE]
  --check       write nothing; say where the lock differs from what the names point at
  --partial     write what could be read; what could not keeps what it had
  --only        read these alone; may be given several times
  --mirror      read images from this registry; charts and models are read where they are published.
                Images that are built from this repository are read with it alone
  --plain-http  for a mirror on this machine: also over HTTP, or with a certificate that does not fit
  --out         the lock file (default: stacks/digests.lock.json); manifests of weights go beside it
exit:  0 done, 1 --check found a difference, 2 usage error or a name that could not be read`;

interface Call {
  readonly mode: Mode;
  readonly kinds: readonly Kind[];
  readonly mirror: Registry | undefined;
  readonly insecure: boolean;
  /** Undefined for the lock of this repository. */
  readonly out: string | undefined;
}

async function main(): Promise<number> {
  const call = readArguments();
  if (call === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort());
  try {
    const result = await lock(call, interruption.signal);
    process.stdout.write(changesText(result, call.out ?? "stacks/digests.lock.json"));
    process.stderr.write(failuresText(result.failures));
    return Math.max(exitCodeOf(result), await weightsCode(call, result, interruption.signal));
  } catch (error) {
    if (error instanceof LockFileError) throw new UsageError(error.message);
    if (!interruption.signal.aborted) throw error;
    process.stderr.write("interrupted; nothing was written\n");
    return 130;
  }
}

async function lock(call: Call, signal: AbortSignal): Promise<LockResult> {
  const progress = consoleProgress();
  const tool = async (name: "crane" | "helm", wanted: boolean): Promise<ToolPath> => {
    if (!wanted) return new Error("it was not asked for");
    return ensureTool(name, { progress }).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
  };
  const charts = call.kinds.includes("charts");
  const reader = readerOf({
    crane: await tool("crane", charts || call.kinds.includes("images")),
    helm: await tool("helm", charts),
    hub: { url: huggingFace, token: process.env["HF_TOKEN"] },
    mirror: call.mirror,
    insecure: call.insecure,
    env: process.env,
  });
  const catalogue = catalogueOf((await servedCheckpoints()).map(({ repository }) => repository));
  const committed = fileURLToPath(lockPath);
  const file = call.out === undefined ? committed : userPath(call.out);
  const without = call.mirror === undefined ? builtKeys(catalogue) : new Set<string>();
  const request = { mode: call.mode, kinds: call.kinds, without, file, fallback: committed };
  return runLock(request, { catalogue, reader, signal, progress });
}

/** After the lock itself, which says at which commits to look; models that were not read have nothing to look at. */
async function weightsCode(
  call: Call,
  result: LockResult,
  signal: AbortSignal,
): Promise<0 | 1 | 2> {
  const unread = result.failures.some(({ subject }) => subject.kind === "models");
  if (!call.kinds.includes("models") || unread) return 0;
  const out = call.out === undefined ? undefined : userPath(call.out);
  return lockWeights({ mode: call.mode, out, written: result.file !== "withheld", signal });
}

/** Undefined where help was asked for. */
function readArguments(): Call | undefined {
  const values = parsed();
  if (values.help === true) return undefined;
  if (values.check === true && values.partial === true) {
    throw new UsageError(`--check writes nothing, so --partial says nothing\n${usage}`);
  }
  const only = values.only?.map(kindOf) ?? kinds;
  const mirror = values.mirror === undefined ? undefined : mirrorOf(values.mirror);
  if (mirror !== undefined && !only.includes("images")) {
    throw new UsageError(`--mirror is for images, and --only leaves them out\n${usage}`);
  }
  const insecure = values["plain-http"] === true;
  if (insecure && (mirror === undefined || !isLoopback(mirror.host))) {
    throw new UsageError(
      `--plain-http is for a --mirror on this machine alone, such as 127.0.0.1:5000${mirror === undefined ? "" : `; ${mirror.host} needs a certificate`}`,
    );
  }
  return {
    mode: values.check === true ? "check" : values.partial === true ? "partial" : "whole",
    kinds: kinds.filter((kind) => only.includes(kind)),
    mirror,
    insecure,
    out: values.out,
  };
}

function parsed() {
  return commandLine(usage, {
    options: {
      check: { type: "boolean" },
      partial: { type: "boolean" },
      only: { type: "string", multiple: true },
      mirror: { type: "string" },
      "plain-http": { type: "boolean" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
}

function kindOf(given: string): Kind {
  const kind = kinds.find((known) => known === given);
  if (kind === undefined) {
    throw new UsageError(`--only ${given} is unknown; choose ${kinds.join(", ")}`);
  }
  return kind;
}

function mirrorOf(given: string): Registry {
  const mirror = parseMirror(given);
  if ("fault" in mirror) throw new UsageError(`--mirror ${given}: ${mirror.fault}`);
  return mirror;
}

await runCommand(main);
