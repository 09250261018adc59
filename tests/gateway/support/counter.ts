import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { z } from "zod";
import { counterConfig, counterUsers } from "../../../components/gateway/limits/counter-config.ts";
import { serviceConfig } from "../../../components/gateway/limits/service-config.ts";
import {
  configFile,
  passwordVariable,
  serviceEnvironment,
} from "../../../components/gateway/limits/service-environment.ts";
import type { LimitsConfig } from "../../../components/lib/stack/limits.ts";
import { freePorts } from "../../../tools/cluster/lib/ports.ts";
import { ratelimitBinary } from "../../../tools/data-plane/binaries/ratelimit.ts";
import { type AttachedService, startAttached } from "../../../tools/data-plane/process.ts";
import { startRedis } from "../../data-plane/support/redis.ts";

/** The rate-limit service and its counter as processes, as the program configures them. */
export interface Counter {
  readonly grpcPort: number;
  readonly metricsPort: number;
  readonly debugPort: number;
  readonly redisPort: number;
  readonly password: string;
  /** Counts under one descriptor, as `key=value` in order. @returns whether the limit holds, and its statuses */
  count(entries: readonly string[], hits: number): Promise<Verdict>;
  readonly isHealthy: () => Promise<boolean>;
  /** First line of Redis' answer to a command, after showing a password. */
  ask(password: string, ...words: string[]): Promise<string>;
  readonly startService: () => Promise<AttachedService>;
  readonly startRedis: () => Promise<AttachedService>;
}

export type Verdict = z.infer<typeof verdictSchema>;

const verdictSchema = z.object({
  overallCode: z.enum(["OK", "OVER_LIMIT"]),
  statuses: z.tuple([
    z.object({
      currentLimit: z.object({ requestsPerUnit: z.number(), unit: z.string() }).optional(),
    }),
  ]),
});

const password = "p4ssword-of-a-test";

/** Prepares both in a folder; nothing runs yet. */
export async function prepareCounter(folder: string, limits: LimitsConfig): Promise<Counter> {
  const [redisPort = 0, grpcPort = 0, metricsPort = 0, httpPort = 0, debugPort = 0] =
    await freePorts(5);
  const place = { data: join(folder, "data"), users: join(folder, "users.acl") };
  await mkdir(place.data, { recursive: true });
  const file = join(folder, "root", configFile);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(place.users, counterUsers(password));
  const config = join(folder, "redis.conf");
  await writeFile(config, counterConfig({ bind: "127.0.0.1", port: redisPort, ...place }));
  await writeFile(file, serviceConfig(limits));
  const http = `http://127.0.0.1:${httpPort}`;
  return {
    grpcPort,
    metricsPort,
    debugPort,
    redisPort,
    password,
    isHealthy: async () => (await fetch(`${http}/healthcheck`)).ok,
    ask: (shown, ...words) => ask(redisPort, shown, words),
    count: (entries, hits) => count(`${http}/json`, entries, hits),
    startRedis: () => startRedis(folder, redisPort, [config]),
    startService: async () =>
      startAttached({
        name: "ratelimit",
        program: await ratelimitBinary(),
        args: [],
        log: join(folder, "ratelimit.log"),
        env: {
          ...serviceEnvironment({
            host: "127.0.0.1",
            metricsHost: "127.0.0.1",
            ports: { grpc: grpcPort, metrics: metricsPort, http: httpPort, debug: debugPort },
            counter: `127.0.0.1:${redisPort}`,
            root: join(folder, "root"),
          }),
          [passwordVariable]: password,
          // A tenth of the usual ten seconds, so that a test may wait for metrics.
          STATS_FLUSH_INTERVAL: "1s",
        },
        isReady: async (signal) => (await fetch(`${http}/healthcheck`, { signal })).ok,
      }),
  };
}

async function ask(port: number, shown: string, words: readonly string[]): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" }).setEncoding("utf8");
  try {
    await once(socket, "connect");
    socket.write(`AUTH ${shown}\r\n`);
    const [login]: unknown[] = await once(socket, "data");
    if (String(login) !== "+OK\r\n") return String(login).trim();
    socket.write(`${words.join(" ")}\r\n`);
    const [answer]: unknown[] = await once(socket, "data");
    return String(answer).trim();
  } finally {
    socket.destroy();
  }
}

async function count(url: string, entries: readonly string[], hits: number): Promise<Verdict> {
  const body = {
    domain: "private-llm",
    descriptors: [
      {
        entries: entries.map((each) => {
          const [key, value] = each.split("=");
          return { key, value };
        }),
        hitsAddend: String(hits),
      },
    ],
  };
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (answer.status !== 200 && answer.status !== 429) {
    throw new Error(`the service answers ${answer.status}`);
  }
  return verdictSchema.parse(await answer.json());
}
