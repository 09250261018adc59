import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { listen } from "../../../controller/server.ts";

/** A backend that says its name; with `pieces` it says it in pieces, one each 20 ms. */
export interface Upstream {
  readonly name: string;
  readonly port: number;
  readonly count: () => number;
}

export async function upstream(t: ExecutionContext, name: string): Promise<Upstream> {
  let count = 0;
  const server: Server = createServer((request, response) => {
    count++;
    request.resume();
    const pieces = Number(request.headers["x-pieces"] ?? 1);
    const answer = async () => {
      for (let piece = 0; piece < pieces; piece++) {
        response.write(name);
        if (piece + 1 < pieces) await sleep(20);
      }
      response.end();
    };
    void answer();
  });
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, "127.0.0.1", 0);
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { name, port, count: () => count };
}
