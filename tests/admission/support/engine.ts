import { vllmCommand, vllmEnvironment } from "../../../components/engines/vllm.ts";
import type { Value, ValueObject } from "../../../policies/model/value.ts";
import { engineArgs } from "../../components/engines/engine-args.ts";
import { changedTemplate, container, type Refusal, registry, type Sent } from "./objects.ts";

export const digest = `sha256:${"ab".repeat(32)}`;
export const model = "/models/llama/0123";
export const command = vllmCommand({
  ...engineArgs,
  servedName: "llama",
  weightsPath: "llama/0123",
  gpus: 8,
});
export const env: readonly ValueObject[] = JSON.parse(JSON.stringify(vllmEnvironment("key")));

/** The engine as the product starts it. */
export const engine: ValueObject = {
  ...container,
  name: "engine",
  image: `${registry}/docker.io/vllm/vllm-openai@${digest}`,
  command,
  env,
  resources: { limits: { "nvidia.com/gpu": "8" } },
  volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
};

export function withEngine(fields: Readonly<Record<string, Value>>): Sent {
  return changedTemplate(["spec", "containers"], [{ ...engine, ...fields }]);
}

/** The engine's command with more words, or with others in place of some. */
export function words(rule: string, title: string, ...more: readonly string[]): Refusal {
  return { rule, title, object: withEngine({ command: [...command, ...more] }) };
}

export function line(rule: string, title: string, change: readonly string[]): Refusal {
  return { rule, title, object: withEngine({ command: change }) };
}

export function variable(rule: string, title: string, ...entries: readonly ValueObject[]): Refusal {
  const names = new Set(entries.map(({ name }) => name));
  const kept = env.filter(({ name }) => !names.has(name));
  return { rule, title, object: withEngine({ env: [...kept, ...entries] }) };
}

export function lacking(...names: readonly string[]): readonly ValueObject[] {
  return env.filter(({ name }) => typeof name === "string" && !names.includes(name));
}

export const secret = { secretKeyRef: { name: "s", key: "k" } };
