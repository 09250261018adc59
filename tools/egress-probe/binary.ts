import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { compareText } from "../../components/lib/compare-text.ts";
import { exists, hasCode, publishExecutable } from "../cluster/lib/files.ts";
import { withLock } from "../cluster/lib/lock.ts";
import { toolsFolder } from "../cluster/lib/paths.ts";
import { run } from "../cluster/lib/run.ts";
import type { Progress } from "../cluster/progress.ts";
import { silentProgress } from "../cluster/progress.ts";

export interface BuildOptions {
  /** @default - silent */
  readonly progress?: Progress;
  /** @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
}

/** Folder of the program's Go module. */
export const sourceFolder = import.meta.dirname;

/**
 * The egress probe for this machine, built from the sources beside this file once per state of them and
 * kept in the user's cache. The module needs nothing but the standard library, so no network either.
 * @throws where Go is missing or the sources do not compile
 */
export async function egressProbeBinary(options: BuildOptions = {}): Promise<string> {
  const { progress = silentProgress, env = process.env } = options;
  const folder = join(toolsFolder(env), "egress-probe", await sourceHash());
  const binary = join(folder, "egress-probe");
  if (await exists(binary)) return binary;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await withLock(join(folder, "lock"), "building the egress probe", progress, async () => {
    if (await exists(binary)) return;
    progress.step("egress probe: building from source (once per version)");
    const draft = join(folder, "unfinished");
    try {
      await build(draft, env);
      await publishExecutable(draft, binary);
    } finally {
      await rm(draft, { force: true });
    }
  });
  return binary;
}

async function build(draft: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await go(
    ["build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", draft, "."],
    env,
  );
  if (code !== 0) throw new Error(`the egress probe does not compile:\n${output.trim()}`);
}

/** Runs Go in the folder of the module, apart from any workspace further up. */
export async function go(args: readonly string[], env: NodeJS.ProcessEnv) {
  const apart = { ...env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "-mod=readonly" };
  return run("go", args, { cwd: sourceFolder, env: apart }).catch((error: unknown) => {
    if (!hasCode(error, "ENOENT")) throw error;
    throw new Error(
      'egress probe: no "go" command on PATH; install Go 1.26 or later (https://go.dev/dl)',
    );
  });
}

/** Changes with every byte that the compiler may see, and with the machine. */
async function sourceHash(): Promise<string> {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  const entries = await readdir(sourceFolder, { recursive: true });
  for (const name of entries.filter(isSource).toSorted(compareText)) {
    hash.update(`${name}\n`).update(await readFile(join(sourceFolder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

function isSource(name: string): boolean {
  return (name.endsWith(".go") && !name.endsWith("_test.go")) || name === "go.mod";
}
