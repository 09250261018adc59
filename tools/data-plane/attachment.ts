import { spawnSync } from "node:child_process";
import type { ProcessIdentity } from "../cluster/lib/process-identity.ts";
import { signal } from "../cluster/lib/process-identity.ts";

const attached = new Set<ProcessIdentity>();

/** Ends the process when this one exits, however many are attached by one listener. */
export function attach(identity: ProcessIdentity): void {
  if (attached.size === 0) process.on("exit", endAttached);
  attached.add(identity);
}

/** Forgets it, be it attached or not. */
export function forget(identity: ProcessIdentity): void {
  attached.delete(identity);
  if (attached.size === 0) process.off("exit", endAttached);
}

function endAttached(): void {
  for (const identity of attached) signal(identity, "SIGKILL");
}

/**
 * The command, in words that make Linux end it with its parent even where the parent was killed and could
 * not do so. Unchanged where util-linux' `setpriv` is missing; that replaces itself by the command, so the
 * pid is the same.
 */
export function dyingWithParent(
  program: string,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[] } {
  if (process.platform !== "linux" || !hasSetpriv()) return { program, args };
  return { program: setpriv, args: [...dieWithParent, "--", program, ...args] };
}

const setpriv = "/usr/bin/setpriv";
const dieWithParent = ["--pdeathsig", "KILL"] as const;

let known: boolean | undefined;

/** Asked once: BusyBox has a program of that name without this option. */
function hasSetpriv(): boolean {
  known ??= spawnSync(setpriv, [...dieWithParent, "--", "true"], { stdio: "ignore" }).status === 0;
  return known;
}
