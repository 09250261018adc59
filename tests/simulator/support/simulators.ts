import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import OpenAI from "openai";
import {
  type RunningSimulator,
  type StartOptions,
  startSimulator,
} from "../../../tools/simulator/process.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** A simulator of one model, gone when the test ends. */
export async function simulator(
  t: ExecutionContext,
  options: Partial<StartOptions> = {},
): Promise<RunningSimulator> {
  const running = await startSimulator({ models: ["m"], name: "alpha", ...options });
  t.teardown(() => running.stop());
  return running;
}

/** The official client, which would hide faults by trying again. */
export function client({ url }: RunningSimulator, apiKey = "any", basePath = "/v1"): OpenAI {
  return new OpenAI({ baseURL: `${url}${basePath}`, apiKey, maxRetries: 0, timeout: 10_000 });
}

export const hello = [{ role: "user" as const, content: "Hello" }];
export const chat = { model: "m", messages: hello };

/** A chat request as a plain POST, for what the official client does not show. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

export async function keyFile(t: ExecutionContext, key: string): Promise<string> {
  const file = path.join(await temporaryFolder(t), "key");
  await writeFile(file, `${key}\n`);
  return file;
}

/** Waits for what becomes true soon. @throws Error after five seconds */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("it did not become true within 5 s");
    await sleep(10);
  }
}

/** The page at /metrics as values by series, names with their labels. */
export async function metrics({ url }: RunningSimulator): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

export const labels = 'engine="0",model_name="m"';
