import { readFileSync } from "node:fs";
import { controlServer } from "./control.ts";
import { EngineStatistics } from "./engine-statistics.ts";
import type { Fault } from "./faults.ts";
import { handler } from "./handler.ts";
import { apiServer, close, listen } from "./listener.ts";
import type { SimulatorOptions } from "./options.ts";
import { generator } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { Traffic } from "./traffic.ts";
import type { World } from "./world.ts";

/** The line on standard output once requests are answered. */
export interface Listening {
  readonly event: "listening";
  readonly url: string;
  readonly control: string;
  readonly pid: number;
}

export interface Simulator {
  readonly listening: Listening;
  /** Lets running requests end for that many seconds, then closes. */
  stop(seconds: number): Promise<void>;
}

const faultStream = 0xfa17;
const loopback = "127.0.0.1";
/** For the last bytes of answers that are cut off. */
const farewell = 500;

export async function simulate(options: SimulatorOptions): Promise<Simulator> {
  let fault: Fault = { kind: "none" };
  const world: World = {
    options,
    apiKey: keyOf(options),
    scheduler: new Scheduler(options, new EngineStatistics(options.contextTokens)),
    traffic: new Traffic(),
    fault: () => fault,
    random: generator(options.seed, faultStream),
    started: Math.floor(Date.now() / 1000),
  };
  const api = apiServer(options, handler(world));
  const port = await listen(api, options.port, options.host);
  const setFault = async (next: Fault): Promise<void> => {
    fault = next;
    world.scheduler.setFault(next);
    // Running requests may still end on their connections, so this does not wait for the last of them.
    if (next.kind === "refuse" && api.listening) void close(api);
    if (next.kind !== "refuse" && !api.listening) await listen(api, port, options.host);
  };
  const control = controlServer({ world, setFault });
  const controlPort = await listen(control, options.controlPort, loopback);
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    listening: {
      event: "listening",
      url: `${options.tls === undefined ? "http" : "https"}://${host}:${port}`,
      control: `http://${loopback}:${controlPort}`,
      pid: process.pid,
    },
    stop: async (seconds) => {
      await world.scheduler.drain(seconds);
      const late = setTimeout(() => api.closeAllConnections(), farewell);
      await close(api);
      clearTimeout(late);
      control.closeAllConnections();
      await close(control);
    },
  };
}

function keyOf({ apiKeyFile, apiKeyVariable }: SimulatorOptions): string | undefined {
  if (apiKeyFile !== undefined) return readKey(apiKeyFile);
  if (apiKeyVariable === undefined) return undefined;
  const key = process.env[apiKeyVariable]?.trim() ?? "";
  if (key === "") throw new Error(`--api-key-variable is "${apiKeyVariable}", which is empty`);
  return key;
}

function readKey(file: string): string {
  const key = readFileSync(file, "utf8").trim();
  if (key === "") throw new Error(`--api-key-file is "${file}", which is empty; put the key in it`);
  return key;
}
