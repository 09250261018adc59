import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { SimulatorOptions } from "./options.ts";

/** Longer than clients keep an idle connection, so that none meets one that is just being closed. */
const keepAlive = 75_000;

export function apiServer({ tls }: SimulatorOptions, listener: RequestListener): Server {
  const server =
    tls === undefined
      ? createServer(listener)
      : createSecureServer(
          { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) },
          listener,
        );
  server.keepAliveTimeout = keepAlive;
  return server;
}

/** @returns the port, which is another one than asked for where that was 0 */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: 1024 }, () => {
      server.off("error", reject);
      resolve(portOf(server.address()));
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

/** Takes no connection any more. Requests that run go on; resolves when the last has ended. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
