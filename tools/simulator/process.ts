import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { SimulatorState } from "./control.ts";
import type { Fault } from "./faults.ts";
import { type SimulatorOptions, toArguments } from "./options.ts";
import type { Listening } from "./simulator.ts";
import type { SeenRequest } from "./traffic.ts";
import { isRecord } from "./values.ts";

/** What is left out takes the default of the command line. */
export interface StartOptions extends Partial<Omit<SimulatorOptions, "stopOnStdinEnd">> {
  readonly models: SimulatorOptions["models"];
  /** @default false - it ends with this process, even where that is killed */
  readonly detached?: boolean;
}

/** `headers` and `rate` may be left out, as over HTTP. */
export type FaultRequest =
  | Exclude<Fault, { kind: "wedge" | "status" }>
  | { readonly kind: "wedge"; readonly headers?: boolean }
  | (Omit<Extract<Fault, { kind: "status" }>, "rate"> & { readonly rate?: number });

export interface RunningSimulator {
  /** Without a path: clients add /v1. */
  readonly url: string;
  readonly controlUrl: string;
  readonly pid: number;
  fault(fault: FaultRequest): Promise<void>;
  state(): Promise<SimulatorState>;
  /** The newest request comes last. */
  last(count?: number): Promise<SeenRequest[]>;
  resetCounters(): Promise<void>;
  /** SIGTERM; resolves with the exit code once the process is gone, null where it had to be killed. */
  stop(): Promise<number | null>;
}

/** Beyond the drain itself, before a process that does not end is killed. */
const patience = 5_000;

/** Starts a simulator as a process of its own. @throws Error with what it wrote where it does not start */
export async function startSimulator(options: StartOptions): Promise<RunningSimulator> {
  const { detached = false, ...rest } = options;
  const words = toArguments({ ...rest, stopOnStdinEnd: !detached });
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "main.ts"), ...words], {
    stdio: [detached ? "ignore" : "pipe", "pipe", "pipe"],
    detached,
  });
  const listening = await firstLine(child);
  if (detached) release(child);
  return running(child, listening, options.shutdownTimeout ?? 0);
}

function firstLine(child: ChildProcess): Promise<Listening> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the simulator has no output");
  return new Promise((resolve, reject) => {
    let errors = "";
    stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      reject(new Error(`the simulator ended with ${code ?? "a signal"} at its start: ${errors}`));
    });
    createInterface({ input: stdout }).once("line", (line) => {
      const message: unknown = JSON.parse(line);
      if (isListening(message)) resolve(message);
      else reject(new Error(`the simulator began with ${line}`));
    });
  });
}

function isListening(value: unknown): value is Listening {
  return isRecord(value) && value["event"] === "listening";
}

/** Lets this process end while the simulator goes on. */
function release(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}

function running(child: ChildProcess, listening: Listening, drain: number): RunningSimulator {
  const { control } = listening;
  return {
    url: listening.url,
    controlUrl: control,
    pid: listening.pid,
    fault: async (fault) => {
      await call(`${control}/fault`, "POST", fault);
    },
    state: async () => expect(isState, await call(`${control}/state`, "GET")),
    last: async (count = 20) => expect(isList, await call(`${control}/last?n=${count}`, "GET")),
    resetCounters: async () => {
      await call(`${control}/reset-counters`, "POST");
    },
    stop: () => stop(child, drain),
  };
}

/** Both ends are this folder's, so a look at the shape is enough. */
function isState(value: unknown): value is SimulatorState {
  return isRecord(value) && typeof value["requests"] === "number";
}

function isList(value: unknown): value is SeenRequest[] {
  return Array.isArray(value);
}

function expect<T>(is: (value: unknown) => value is T, value: unknown): T {
  if (is(value)) return value;
  throw new Error(`the simulator's control port answered ${JSON.stringify(value)}`);
}

async function call(url: string, method: string, body?: unknown): Promise<unknown> {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...text });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${url}: ${JSON.stringify(answer)}`);
  return answer;
}

async function stop(child: ChildProcess, drain: number): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), drain * 1000 + patience);
  await ended;
  clearTimeout(late);
  return child.exitCode;
}
