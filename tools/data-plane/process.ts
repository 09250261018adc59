import { access, constants, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { LoggedProcess } from "../cluster/lib/logged-process.ts";
import { spawnLogged, tailOf } from "../cluster/lib/logged-process.ts";
import type { ProcessIdentity } from "../cluster/lib/process-identity.ts";
import { isAlive } from "../cluster/lib/process-identity.ts";
import type { ProcessState } from "../cluster/lib/process-record.ts";
import {
  endProcess,
  observeProcess,
  recordProcess,
  terminate,
} from "../cluster/lib/process-record.ts";
import { attach, dyingWithParent, forget } from "./attachment.ts";
import type { Readiness } from "./readiness.ts";
import { obstacleTo } from "./readiness.ts";

export interface Service extends Readiness {
  /** As messages call it. */
  readonly name: string;
  /** Path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  /** File for both streams, ending in `.log`; that of the run before stays as `.previous.log`. */
  readonly log: string;
  /**
   * Variables beside PATH and HOME; nothing else of this process' environment is handed on
   * @default - none
   */
  readonly env?: Readonly<Record<string, string>>;
  /** @default - the folder of the log */
  readonly cwd?: string;
}

export interface AttachedService {
  readonly identity: ProcessIdentity;
  readonly isRunning: () => boolean;
  /** Ends it by SIGTERM, then by SIGKILL after `grace` ms; may be called again. */
  readonly stop: (grace?: number) => Promise<void>;
}

/**
 * Starts a service that ends with this process at the latest, as a test wants it, and waits until it is ready.
 * @throws where it cannot be started, dies, or is not ready in time; nothing is left running then
 */
export async function startAttached(service: Service): Promise<AttachedService> {
  const { program, args } = service;
  const identity = await start(service, dyingWithParent(program, args), {
    detached: false,
    onSpawned: attach,
  });
  const stop = async (grace?: number) => {
    await terminate(identity, grace);
    forget(identity);
  };
  return { identity, isRunning: () => isAlive(identity), stop };
}

/**
 * Starts a service that outlives this process, as `make up` wants it, and waits until it is ready.
 * @param record file that names exactly this process, for `stopDetached`. Two that may start the same service
 * at once have to hold a lock.
 * @throws as `startAttached` does, and where the recorded process still runs
 */
export async function startDetached(service: Service, record: string): Promise<ProcessIdentity> {
  const seen = await observeDetached(record);
  if (seen.state === "running") {
    throw new Error(`${service.name} runs already, as process ${seen.identity.pid}; stop it first`);
  }
  await mkdir(dirname(record), { recursive: true, mode: 0o700 });
  try {
    return await start(service, service, {
      detached: true,
      onSpawned: (identity) => recordProcess(record, identity),
    });
  } catch (error) {
    await stopDetached(record);
    throw error;
  }
}

/** What became of a service that `startDetached` started. */
export function observeDetached(record: string): Promise<ProcessState> {
  return observeProcess(record);
}

/** Ends exactly the recorded process, if it runs, and forgets it. */
export function stopDetached(record: string): Promise<void> {
  return endProcess(record);
}

interface Start {
  readonly detached: boolean;
  readonly onSpawned: (identity: ProcessIdentity) => void;
}

async function start(
  service: Service,
  { program, args }: Pick<LoggedProcess, "program" | "args">,
  { detached, onSpawned }: Start,
): Promise<ProcessIdentity> {
  const { name, log, cwd = dirname(log) } = service;
  await checkProgram(service);
  await mkdir(dirname(log), { recursive: true, mode: 0o700 });
  // Proxy and credential settings of the caller's shell are none of the service's business.
  const env = { PATH: process.env["PATH"], HOME: cwd, ...service.env };
  const identities: ProcessIdentity[] = [];
  const child = await spawnLogged({ program, args, cwd, env, log, detached }, (identity) => {
    identities.push(identity);
    onSpawned(identity);
  });
  const [identity] = identities;
  // Without an identity it is dead already: whoever answers, it is not this service.
  const readiness = identity === undefined ? { isReady: () => Promise.resolve(false) } : service;
  const obstacle = await obstacleTo(readiness, child);
  if (identity !== undefined && obstacle === undefined) return identity;
  if (identity !== undefined) {
    await terminate(identity);
    forget(identity);
  }
  throw new Error(`${name} ${obstacle}; the end of ${log}:\n${await tailOf(log)}`);
}

async function checkProgram({ name, program }: Service): Promise<void> {
  try {
    await access(program, constants.X_OK);
  } catch (error) {
    throw new Error(`${name}: ${program} cannot be run: ${String(error)}`, { cause: error });
  }
}
