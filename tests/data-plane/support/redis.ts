import { join } from "node:path";
import { redisServer } from "../../../tools/data-plane/binaries/redis.ts";
import type { AttachedService } from "../../../tools/data-plane/process.ts";
import { startAttached } from "../../../tools/data-plane/process.ts";
import { redisIsReady } from "../../../tools/data-plane/redis-ready.ts";

/** Why there is no Redis here; undefined where there is one. */
export function redisObstacle(): string | undefined {
  return redisServer() === undefined ? "needs the Debian package redis-server" : undefined;
}

/**
 * A Redis on a loopback port that ends with this process.
 * @param args configuration @default - nothing is kept on disk
 */
export function startRedis(
  folder: string,
  port: number,
  args: readonly string[] = [`--port ${port}`, "--bind 127.0.0.1", '--save ""', "--appendonly no"],
): Promise<AttachedService> {
  const program = redisServer();
  if (program === undefined) throw new Error("redis: needs the Debian package redis-server");
  return startAttached({
    name: "redis",
    program,
    args,
    log: join(folder, "redis.log"),
    isReady: (signal) => redisIsReady(port, signal),
  });
}
