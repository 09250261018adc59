import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../../../tools/cluster/progress.ts";

/** A folder of its own under the system's temporary folder, and how to get rid of it. */
export async function sandbox(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "private-llm-test-"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A progress that keeps what it was told. */
export function recordedProgress(): Progress & { readonly steps: string[] } {
  const steps: string[] = [];
  return { steps, step: (text) => steps.push(text), tick: () => {} };
}
