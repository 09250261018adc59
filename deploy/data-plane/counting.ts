import { createHash } from "node:crypto";
import { join } from "node:path";
import { counterConfig } from "../../components/gateway/limits/counter-config.ts";
import { limitsKey } from "../../components/gateway/limits/service-deployment.ts";
import {
  configFile,
  passwordVariable,
  serviceEnvironment,
} from "../../components/gateway/limits/service-environment.ts";
import {
  counterPasswordField,
  counterUsersFile,
  limitsCounter,
  limitsService,
} from "../../components/gateway/names.ts";
import { privateFolder } from "../../tools/cluster/lib/files.ts";
import { type PortBook, portOf } from "../../tools/data-plane/port-book.ts";
import type { RecordedService } from "../../tools/data-plane/recorded.ts";
import { redisIsReady } from "../../tools/data-plane/redis-ready.ts";
import { DeployError } from "../errors.ts";
import type { Sources } from "./mounts.ts";
import { syncFolder } from "./pods.ts";

/** The rate-limit service and its counter on this machine: what the cluster holds for them, and their processes. */

const loopback = "127.0.0.1";

/** Ports by name; proxies look for the first. */
export const countingPorts = {
  grpc: `${limitsService}-grpc`,
  metrics: `${limitsService}-metrics`,
  http: `${limitsService}-http`,
  debug: `${limitsService}-debug`,
  redis: limitsCounter,
} as const;

export interface Programs {
  readonly redis: string;
  readonly ratelimit: string;
}

/** What both read at their start. */
export interface CountingFiles {
  readonly folder: string;
  readonly password: string;
  /** Of all that they read; another hash is another process. */
  readonly hash: string;
}

/** Writes limits, users and configuration as the API server holds them, with places of this machine. */
export async function countingFiles(
  folder: string,
  sources: Sources,
  ports: PortBook,
): Promise<CountingFiles> {
  const limits = (await sources.configMap(limitsService))?.get(limitsKey);
  const secret = await sources.secret(limitsCounter);
  const users = secret?.get(counterUsersFile);
  const password = secret?.get(counterPasswordField)?.toString();
  if (limits === undefined || users === undefined || password === undefined) {
    throw new DeployError(
      `ConfigMap ${limitsService} or Secret ${limitsCounter} is not what a stack with limits makes; run make up again`,
    );
  }
  await privateFolder(dataOf(folder));
  const config = counterConfig({
    bind: loopback,
    port: portOf(ports, countingPorts.redis),
    data: dataOf(folder),
    users: join(folder, "files", counterUsersFile),
  });
  const files = new Map([
    [`/${configFile}`, limits],
    [`/${counterUsersFile}`, users],
    ["/redis.conf", Buffer.from(config)],
  ]);
  await syncFolder(join(folder, "files"), files);
  const hash = createHash("sha256");
  for (const [path, content] of files) hash.update(path).update(content);
  return { folder, password, hash: hash.digest("hex") };
}

/** Its log of writes; beside the files, so that it stays when they change. */
function dataOf(folder: string): string {
  return join(folder, "data");
}

/** The counter first: the service ends itself without it. */
export function countingServices(
  { folder, password, hash }: CountingFiles,
  { redis, ratelimit }: Programs,
  ports: PortBook,
  logs: string,
): readonly RecordedService[] {
  const port = (name: keyof typeof countingPorts) => portOf(ports, countingPorts[name]);
  const files = join(folder, "files");
  const http = port("http");
  return [
    {
      name: limitsCounter,
      program: redis,
      args: [join(files, "redis.conf")],
      log: join(logs, `${limitsCounter}.log`),
      state: hash,
      isReady: (signal) => redisIsReady(port("redis"), signal),
    },
    {
      name: limitsService,
      program: ratelimit,
      args: [],
      log: join(logs, `${limitsService}.log`),
      env: {
        ...serviceEnvironment({
          host: loopback,
          metricsHost: loopback,
          ports: { grpc: port("grpc"), metrics: port("metrics"), http, debug: port("debug") },
          counter: `${loopback}:${port("redis")}`,
          root: files,
        }),
        [passwordVariable]: password,
      },
      state: hash,
      isReady: async (signal) =>
        (await fetch(`http://${loopback}:${http}/healthcheck`, { signal })).ok,
    },
  ];
}
