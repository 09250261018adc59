import * as path from "node:path";
import { parseStack } from "../../../infra/config/parse.ts";
import type { PlatformConfig } from "../../../infra/config/platform.ts";
import { rawStack } from "../../../infra/config/raw-stack.ts";
import { readLock } from "../../../infra/lock.ts";
import { deployPlatform } from "../../../infra/platform.ts";
import { readWeightsLock } from "../../../infra/weights-lock.ts";
import { readStackFile } from "../../../offline/stack-file.ts";
import { type Deployment, deploy, type Registered } from "./deploy.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/**
 * Registers the platform of a stack file; one whose cluster is named, not read from another stack.
 * @param change of the configuration before it is deployed
 */
export async function deployStack(
  stack: string,
  change: (config: PlatformConfig) => PlatformConfig = (config) => config,
): Promise<Deployment> {
  const { config, project } = await readStackFile(root, stack);
  const parsed = parseStack(rawStack(config, project), project);
  if (parsed.layer !== "platform") throw new Error(`${stack} is no platform stack`);
  return deploy(() => ({ ...deployPlatform(change(parsed), readLock(), readWeightsLock()) }));
}

export function identity({ type, name }: Pick<Registered, "type" | "name">): string {
  return `${type}::${name}`;
}

/**
 * Everything that must exist before a resource does: what it or one of its ancestors depends on, and
 * so on. A child is registered only after its parent, and the parent only after what it waits for.
 */
export function before(deployment: Deployment, resource: Registered): ReadonlySet<string> {
  const known = new Map(deployment.resources.map((one) => [identity(one), one]));
  const found = new Set<string>();
  const pending = [resource];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const direct = [...next.dependencies, ...(next.parent === undefined ? [] : [next.parent])];
    for (const one of direct) {
      const made = known.get(one);
      if (found.has(one) || made === undefined) continue;
      found.add(one);
      pending.push(made);
    }
  }
  return found;
}
