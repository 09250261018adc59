import {
  createServer as createPlain,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { createServer as createEncrypted } from "node:https";
import type { Certificate } from "../../support/certificate.ts";
import { sha256, type Tree } from "./tree.ts";

export interface Hub {
  /** With the port. */
  readonly host: string;
  readonly url: string;
  /** Value of `--source`. */
  readonly source: string;
  readonly requests: readonly {
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
  }[];
  readonly close: () => Promise<void>;
}

/** Answers in the hub's place; undefined: leave it to the hub. */
export type Trick = (request: IncomingMessage, response: ServerResponse, name: string) => boolean;

/** A server of files with ranges and marks, on this machine. */
export async function startHub(tree: Tree, trick?: Trick, certificate?: Certificate): Promise<Hub> {
  const requests: { path: string; headers: IncomingMessage["headers"] }[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push({ path: request.url ?? "", headers: request.headers });
    const name = (request.url ?? "").replace(/^\/org\/name\/resolve\/[0-9a-f]{40}\//, "");
    if (trick?.(request, response, name) === true) return;
    const bytes = tree[name];
    if (bytes === undefined) response.writeHead(404).end();
    else sendFile(request, response, bytes);
  };
  const server =
    certificate === undefined
      ? createPlain(listener)
      : createEncrypted({ key: certificate.key, cert: certificate.certificate }, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const host = `127.0.0.1:${port}`;
  const url = `${certificate === undefined ? "http" : "https"}://${host}`;
  return {
    host,
    url,
    source: `${url}/{repository}/resolve/{revision}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** With ranges, as a hub serves. */
export function sendFile(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  const etag = `"${sha256(bytes)}"`;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
  const condition = request.headers["if-range"];
  if (Number.isNaN(from) || (condition !== undefined && condition !== etag)) {
    response.writeHead(200, { etag, "content-length": bytes.length }).end(bytes);
  } else if (from >= bytes.length) {
    response.writeHead(416).end();
  } else {
    const rest = bytes.subarray(from);
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response
      .writeHead(206, { etag, "content-length": rest.length, "content-range": range })
      .end(rest);
  }
}
