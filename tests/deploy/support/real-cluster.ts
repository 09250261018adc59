import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { surroundings } from "../../../cli/support/surroundings.ts";
import { connectTo, type KubeClient } from "../../../deploy/api/client.ts";
import { type DeployOptions, deployStack } from "../../../deploy/deploy.ts";
import { type DeployableStack, deployableStack } from "../../../deploy/stack.ts";
import type { PlannedObject } from "../../../offline/render/plan.ts";
import { at, isArray, type Value } from "../../../policies/model/value.ts";
import { resetCluster, startCluster } from "../../../tools/cluster/cluster.ts";
import { recordedProgress } from "../../cluster/support/sandbox.ts";

/** A state folder of its own, with real clusters in it that end with it. */
export interface Laboratory {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  start(name: string): Promise<{ readonly client: KubeClient; readonly kubeconfig: string }>;
  close(): Promise<void>;
}

export async function laboratory(): Promise<Laboratory> {
  const folder = await mkdtemp(path.join(tmpdir(), "private-llm-test-"));
  const env = { ...process.env, XDG_STATE_HOME: folder };
  const names: string[] = [];
  return {
    env,
    folder,
    start: async (name) => {
      names.push(name);
      const { kubeconfig } = await startCluster({ name, env });
      const config = new KubeConfig();
      config.loadFromFile(kubeconfig);
      return { client: await connectTo(config), kubeconfig };
    },
    close: async () => {
      for (const name of names) await resetCluster({ name, env });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function devStack(): Promise<DeployableStack> {
  return deployableStack("dev", await surroundings(undefined));
}

/** Applies a plan as `up` does, and tells what it said. */
export async function applied(
  client: KubeClient,
  stack: DeployableStack,
  options: Partial<DeployOptions> = {},
) {
  const progress = recordedProgress();
  const result = await deployStack({
    client,
    stack: "dev",
    planned: stack.planned,
    random: stack.random,
    timeoutSeconds: 60,
    yes: false,
    confirm: undefined,
    forceConflicts: false,
    progress,
    ...options,
  });
  return { ...result, steps: progress.steps };
}

export async function get(client: KubeClient, place: string): Promise<Value> {
  const { status, body } = await client.send("GET", place);
  if (status !== 200) throw new Error(`${place}: HTTP ${status}`);
  return body;
}

/** A text inside an object; empty where there is none. */
export function textAt(object: Value | undefined, ...place: readonly (string | number)[]): string {
  const text = at(object, ...place);
  return typeof text === "string" ? text : "";
}

/** Items of a list. */
export async function items(client: KubeClient, place: string): Promise<readonly Value[]> {
  const found = at(await get(client, place), "items");
  return isArray(found) ? found : [];
}

export const inference = "/api/v1/namespaces/inference";
export const apiKey = `${inference}/secrets/llama-3-70b-api-key`;

/** The API key of the dev stack's model on one cluster. */
export async function keyOf(client: KubeClient): Promise<string> {
  return Buffer.from(textAt(await get(client, apiKey), "data", "api-key"), "base64").toString();
}

/** Place of an object in the apply order, as progress tells it: "18 of 20". */
export function position(dev: DeployableStack, kind: string, name: string): string {
  const index = dev.planned.findIndex((object) => object.kind === kind && object.name === name);
  return `${index + 1} of ${dev.planned.length}`;
}

/** The stack with another body for one object. */
export function replaced(
  stack: DeployableStack,
  kind: string,
  name: string,
  change: (body: PlannedObject["body"]) => PlannedObject["body"],
): DeployableStack {
  return {
    ...stack,
    planned: stack.planned.map((object) =>
      object.kind === kind && object.name === name
        ? { ...object, body: change(object.body) }
        : object,
    ),
  };
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
