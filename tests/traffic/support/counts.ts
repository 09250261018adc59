import type { RunningSimulator } from "../../../tools/simulator/process.ts";
import type { Plane } from "../../gateway/support/plane.ts";

/** Requests of clients by simulator, as these have counted them; the checks of their health are none. */
export async function answered(plane: Plane): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const [name, engine] of plane.engines) {
    counts[`engine-${name}`] = (await engine.state()).byPath["/v1/chat/completions"] ?? 0;
  }
  for (const [name, provider] of plane.providers) {
    counts[`provider-${name}`] = (await provider.state()).requests;
  }
  return counts;
}

/** Whatever has reached a provider, on any path. */
export async function atProviders(plane: Plane): Promise<number> {
  let sum = 0;
  for (const provider of plane.providers.values()) {
    const { byPath, requests } = await provider.state();
    sum += Math.max(
      requests,
      Object.values(byPath).reduce((all, each) => all + each, 0),
    );
  }
  return sum;
}

export async function resetCounters({ engines, providers }: Plane): Promise<void> {
  for (const each of [...engines.values(), ...providers.values()]) await each.resetCounters();
}

export function engineOf({ engines }: Plane, name: string): RunningSimulator {
  const found = engines.get(name);
  if (found === undefined) throw new Error(`there is no engine ${name}`);
  return found;
}
