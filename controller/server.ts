import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, DiscoveryPath } from "./discovery.ts";

/** A proxy names all its extensions with every request, about 100 KiB. */
const mostBodyBytes = 1024 * 1024;
/** Longer than a proxy is ever silent, so that none meets a connection that is just being closed. */
const keepAlive = 75_000;

export function discoveryServer(
  discover: (path: DiscoveryPath, text: string) => Answer,
  count: (path: DiscoveryPath, status: number) => void,
): Server {
  return hardened((request, response) => {
    const path = discoveryPath(request.url);
    if (path === undefined) return end(response, 404);
    if (request.method !== "POST") return end(response, 405);
    readBody(request, (text) => {
      const { status, body } =
        text === undefined ? { status: 413, body: undefined } : discover(path, text);
      count(path, status);
      end(response, status, body, "application/json");
    });
  });
}

export interface Page {
  readonly status: number;
  readonly body: string;
  readonly type: string;
}

export function pageServer(pages: Readonly<Record<string, () => Page>>): Server {
  return hardened((request, response) => {
    const make = pages[request.url ?? ""];
    if (make === undefined) return end(response, 404);
    if (request.method !== "GET") return end(response, 405);
    const { status, body, type } = make();
    end(response, status, body, type);
  });
}

/** @returns the port, which is another one than asked for where that was 0 */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve(portOf(server.address()));
    });
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Proxies hold their connections for good; they ask the next process.
    server.closeAllConnections();
  });
}

function hardened(listener: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: keepAlive },
    listener,
  );
  server.maxConnections = 1000;
  return server;
}

function discoveryPath(url: string | undefined): DiscoveryPath | undefined {
  const known: readonly DiscoveryPath[] = ["/v3/discovery:routes", "/v3/discovery:endpoints"];
  return known.find((path) => path === url);
}

/** `undefined` where it is too large. */
function readBody(request: IncomingMessage, then: (text: string | undefined) => void): void {
  const parts: Buffer[] = [];
  let size = 0;
  request.on("data", (part: Buffer) => {
    size += part.length;
    if (size <= mostBodyBytes) parts.push(part);
    else parts.length = 0;
  });
  request.on("end", () =>
    then(size <= mostBodyBytes ? Buffer.concat(parts).toString() : undefined),
  );
}

function end(response: ServerResponse, status: number, body = "", type = "text/plain"): void {
  response.writeHead(status, body === "" ? {} : { "content-type": type });
  response.end(body);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
