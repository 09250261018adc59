import * as path from "node:path";
import { readStack } from "../../../offline/stack/read-stack.ts";
import type { Settings } from "../../../policies/model/settings.ts";
import { settingsFromStackConfig } from "../../../policies/settings/stack-settings.ts";
import { repository } from "../../support/repository-copy.ts";
import { helm } from "../../support/tools.ts";
import type { StackName } from "../leak.ts";
import type { Graph } from "./change.ts";

export interface RealStack {
  readonly name: StackName;
  readonly graph: Graph;
  readonly settings: Settings;
}

export const stackNames = ["dev", "prod", "staging", "staging-cluster"] as const;

export type RealStacks = Readonly<Record<StackName, RealStack>>;

/** Each stack as `check` reads it, with the small charts of the fixtures. */
export async function realStacks(): Promise<RealStacks> {
  // One after the other: Pulumi's mock runtime is one per process.
  return {
    dev: await read("dev"),
    prod: await read("prod"),
    staging: await read("staging"),
    "staging-cluster": await read("staging-cluster"),
  };
}

async function read(name: StackName): Promise<RealStack> {
  const { file, resources, undecided } = await readStack(name, {
    root: repository,
    charts: path.join(repository, "tests/fixtures/charts"),
    helm,
    cache: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
  });
  if (undecided.length > 0) throw new Error(`${name} cannot be read to its end`);
  return { name, graph: resources, settings: settingsFromStackConfig(file.values) };
}
