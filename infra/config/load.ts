import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "./faults.ts";
import { parseStack, type StackConfig, secretKeys } from "./parse.ts";

/** Reads this stack's configuration from the engine; all faults end the program in one message. */
export function loadStack(): StackConfig {
  const project = pulumi.getProject();
  try {
    return parseStack(rawStack(pulumi.runtime.allConfig(), project), project);
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/** The project's own keys without their prefix; objects and lists arrive from the engine as JSON text. */
export function rawStack(
  all: Readonly<Record<string, string>>,
  project: string,
): Record<string, unknown> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value] as const)
      .filter(([key]) => !secretKeys.has(key))
      .map(([key, value]) => [key, structured(value)]),
  );
}

function structured(value: string): unknown {
  if (!value.startsWith("{") && !value.startsWith("[")) return value;
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON after all: a plain string, which the schema judges.
    return value;
  }
}
