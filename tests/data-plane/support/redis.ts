import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import type { AttachedService } from "../../../tools/data-plane/process.ts";
import { startAttached } from "../../../tools/data-plane/process.ts";
import { redisServer } from "../../support/system-packages.ts";

/** Why there is no Redis here; undefined where there is one. */
export function redisObstacle(): string | undefined {
  return redisServer() === undefined ? "needs the Debian package redis-server" : undefined;
}

/** A Redis on a loopback port that keeps nothing on disk and ends with this process. */
export function startRedis(folder: string, port: number): Promise<AttachedService> {
  const program = redisServer();
  if (program === undefined) throw new Error("redis: needs the Debian package redis-server");
  return startAttached({
    name: "redis",
    program,
    args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    log: join(folder, "redis.log"),
    isReady: async (signal) => (await ask(port, "PING", signal)) === "+PONG",
  });
}

/** The first line of the answer to a command without arguments. */
async function ask(port: number, command: string, signal: AbortSignal): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", signal }).setEncoding("utf8");
  // What happens to it is seen by `once`; an abort after that is nobody's business.
  socket.on("error", () => {});
  try {
    await once(socket, "connect", { signal });
    socket.write(`${command}\r\n`);
    const [answer]: unknown[] = await once(socket, "data", { signal });
    return String(answer).split("\r\n")[0] ?? "";
  } finally {
    socket.destroy();
  }
}
