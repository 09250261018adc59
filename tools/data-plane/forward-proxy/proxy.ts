import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** Loopback port that stands in for `host:port` as a client asks for it; `undefined` where it may not go. */
export type Destination = (asked: string) => number | undefined;

/** Longest silence in a tunnel, ms. */
const idle = 10 * 60_000;

/**
 * The site's forward proxy, played on loopback: CONNECT to the hosts it knows, and nothing else. It ends no TLS,
 * so whoever goes through it still has to believe the certificate at the far end.
 */
export function forwardProxy(destination: Destination): Server {
  const server = createServer((_request, response) => {
    response.writeHead(405).end("this proxy knows CONNECT alone\n");
  });
  server.on("connect", (request, client, head) => {
    const port = destination(request.url ?? "");
    if (port === undefined) client.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    else tunnel(port, client, head);
  });
  return server;
}

function tunnel(port: number, client: Duplex, head: Buffer): void {
  let open = false;
  const far = connect({ host: "127.0.0.1", port });
  far.setTimeout(idle, () => far.destroy());
  far.once("connect", () => {
    open = true;
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length > 0) far.write(head);
    far.pipe(client).pipe(far);
  });
  far.on("error", () => {
    // As proxies do: the client learns at once that nobody is there.
    if (open) client.destroy();
    else client.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
  });
  client.on("error", () => far.destroy());
  client.on("close", () => far.destroy());
}

/** `host:port=loopback port` as the command line gives it. @throws Error naming what cannot be read */
export function parseDestination(text: string): readonly [string, number] {
  const found = /^([a-z0-9.-]+:\d{1,5})=(\d{1,5})$/.exec(text);
  const [, host, port] = found ?? [];
  if (host === undefined || port === undefined) {
    throw new Error(`--to ${text}: write host:port=port, as in --to api.openai.com:443=18443`);
  }
  return [host, Number(port)];
}
