import { once } from "node:events";
import type { Server } from "node:net";
import { createServer } from "node:net";
import { hasCode } from "./files.ts";

const loopback = "127.0.0.1";

/** As many different free loopback ports as asked for. All are held open until the last is found. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers: Server[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const server = createServer().listen(0, loopback);
      servers.push(server);
      await once(server, "listening");
    }
    return servers.map(portOf);
  } finally {
    await Promise.all(servers.map(close));
  }
}

export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, loopback);
  try {
    await once(server, "listening");
    return true;
  } catch (error) {
    if (hasCode(error, "EADDRINUSE") || hasCode(error, "EACCES")) return false;
    throw error;
  } finally {
    await close(server);
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("server has no TCP port");
  return address.port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, "close");
}
