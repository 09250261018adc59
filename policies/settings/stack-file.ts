import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Settings } from "../model/settings.ts";
import { settingsFromStackConfig } from "./stack-settings.ts";
import { strictSettings } from "./strict-settings.ts";

export interface LoadedSettings {
  readonly settings: Settings;
  /** Why the stack's own settings could not be had; the strict ones stand in for them. */
  readonly fault?: string;
}

const stacksFolder = path.join(import.meta.dirname, "..", "..", "stacks");

/** Settings of the stack that a URN belongs to. The engine tells a pack written for Node nothing else. */
export function settingsOfUrn(urn: string): LoadedSettings {
  const stack = /^urn:pulumi:([\w.-]+)::/.exec(urn)?.[1];
  if (stack === undefined) {
    return { settings: strictSettings, fault: `the URN "${urn}" names no stack` };
  }
  return settingsOfStack(stack);
}

/** Reads `stacks/Pulumi.<stack>.yaml`; never throws, since a missing file must end in a violation. */
export function settingsOfStack(stack: string): LoadedSettings {
  const file = path.join(stacksFolder, `Pulumi.${stack}.yaml`);
  try {
    const document: unknown = parse(readFileSync(file, "utf8"));
    return { settings: settingsFromStackConfig(configOf(document)) };
  } catch (error) {
    return {
      settings: strictSettings,
      fault: `stacks/Pulumi.${stack}.yaml cannot be used: ${reasonOf(error)}`,
    };
  }
}

/** Without the absolute path, which differs from machine to machine. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("code" in error) || typeof error.code !== "string") return error.message;
  return error.code === "ENOENT" ? "it does not exist" : `it cannot be read (${error.code})`;
}

function configOf(document: unknown): Record<string, unknown> {
  const config = isRecord(document) ? document["config"] : undefined;
  if (!isRecord(config)) throw new Error("it has no config section");
  // An encrypted value is as good as absent: rules must not depend on a secret.
  const readable = Object.entries(config).filter(
    ([, value]) => !(isRecord(value) && "secure" in value),
  );
  return Object.fromEntries(readable);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
