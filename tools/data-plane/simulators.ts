import { z } from "zod";
import { readPortBook } from "./port-book.ts";

/** The simulators of a data plane, by the name of the model or provider that each stands in for. */

const suffix = "-control";

const stateSchema = z.object({
  role: z.string(),
  requests: z.number(),
  completed: z.number(),
  failed: z.number(),
  running: z.number(),
  rejected: z.number(),
  fault: z.object({ kind: z.string() }),
});

export type SimulatorReport = z.infer<typeof stateSchema>;

export interface Simulator {
  readonly name: string;
  readonly role: "engine" | "provider";
  readonly controlUrl: string;
}

/** Simulators that a data plane has set ports aside for; none where there is no data plane. */
export async function simulatorsOf(folder: string): Promise<readonly Simulator[]> {
  return Object.entries(await readPortBook(folder)).flatMap(([key, port]): Simulator[] => {
    const role = key.startsWith("engine-") ? "engine" : "provider";
    if (!key.startsWith(`${role}-`) || !key.endsWith(suffix)) return [];
    const name = key.slice(role.length + 1, -suffix.length);
    return [{ name, role, controlUrl: `http://127.0.0.1:${port}` }];
  });
}

/** What a simulator has seen; `undefined` where it does not answer. */
export async function reportOf({ controlUrl }: Simulator): Promise<SimulatorReport | undefined> {
  try {
    const answer = await fetch(`${controlUrl}/state`, { signal: AbortSignal.timeout(2_000) });
    return stateSchema.parse(await answer.json());
  } catch {
    return undefined;
  }
}

/** Makes a simulator fail in some way. @returns what it objects to; `undefined` where it does as told */
export async function setFault(
  { controlUrl, name }: Simulator,
  fault: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const answer = await fetch(`${controlUrl}/fault`, {
    method: "POST",
    body: JSON.stringify(fault),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  if (answer === undefined) return `${name} does not answer; is its data plane running?`;
  if (answer.ok) return undefined;
  return z.object({ error: z.string() }).parse(await answer.json()).error;
}
