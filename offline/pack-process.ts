import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Resource } from "../policies/model/resource.ts";
import { askPack, type PackFinding } from "./pack-client.ts";

const root = path.join(import.meta.dirname, "..");
const packFolder = path.join(root, "policies");
const runPack = path.join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");

/**
 * Runs the policy pack as the engine does: a process of its own, asked over gRPC on the loopback
 * interface. `resources` are as read, with lists not taken apart; their URNs name the stack.
 * @returns findings sorted by policy, URN and message
 * @throws Error when the pack does not start or breaks down
 */
export async function runPackProcess(
  resources: readonly Resource[],
  stackName: string,
): Promise<readonly PackFinding[]> {
  // The first address is that of an engine; a pack never calls it.
  const child = spawn(process.execPath, [runPack, "127.0.0.1:1", packFolder], {
    cwd: packFolder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    const port = await firstLine(child);
    const findings = await askPack(`127.0.0.1:${port}`, resources, stackName);
    return findings.toSorted(compare);
  } finally {
    await end(child);
  }
}

/** The pack prints its port as its first line; anything else on the way out is the reason of a failure. */
async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null || child.stderr === null)
    throw new Error("the policy pack has no pipes");
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString("utf8");
  });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    if (/^\d+$/.test(line)) return line;
    complaints += `${line}\n`;
  }
  throw new Error(`the policy pack did not start: ${complaints.trim() || "it said nothing"}`);
}

/** Ends the process that was started here, by its own handle, and waits until it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

function compare(a: PackFinding, b: PackFinding): number {
  for (const key of ["policy", "urn", "message"] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}
