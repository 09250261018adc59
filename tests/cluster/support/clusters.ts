import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureTool } from "../../../tools/cluster/binaries/ensure.ts";
import { clusterStatus } from "../../../tools/cluster/cluster.ts";
import type { ProcessStatus } from "../../../tools/cluster/control-plane/status.ts";
import { identify } from "../../../tools/cluster/lib/process-identity.ts";

/** Runs kubectl with the given kubeconfig; `input` goes to its standard input. */
export async function kubectl(
  kubeconfig: string,
  args: readonly string[],
  input = "",
): Promise<{ readonly code: number | null; readonly out: string }> {
  const program = await ensureTool("kubectl");
  const child = spawn(program, args, {
    // Its discovery cache goes beside the clusters; by default it would be in the current folder.
    env: { KUBECONFIG: kubeconfig, KUBECACHEDIR: join(kubeconfig, "../../../../kubectl-cache") },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, out: out.trim() };
}

export async function processes(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<readonly ProcessStatus[]> {
  const status = await clusterStatus(name, env);
  return status.state === "absent" ? [] : status.processes;
}

export async function pids(name: string, env: NodeJS.ProcessEnv): Promise<readonly number[]> {
  return (await processes(name, env)).flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
}

/** Whether the process still runs; one that ended and was not yet reaped by its parent does not. */
export function runs(pid: number): boolean {
  return identify(pid) !== undefined;
}

/** Polls until the answer is the wanted one; returns the last answer either way. */
export async function settles<T>(wanted: T, ask: () => Promise<T>): Promise<T> {
  let answer = await ask();
  for (let tries = 0; tries < 100 && answer !== wanted; tries++) {
    await sleep(100);
    answer = await ask();
  }
  return answer;
}

/** Paths below the folder that somebody else than the owner may read or write. */
export async function openToOthers(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const open: string[] = [];
  for (const path of [folder, ...names.map((name) => join(folder, name))]) {
    if (((await stat(path)).mode & 0o077) !== 0) open.push(path);
  }
  return open;
}
