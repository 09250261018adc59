import { createServer } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** The site's forward proxy: takes every CONNECT to one place, and remembers what was asked for. */
export interface ConnectProxy {
  readonly port: number;
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

export async function startConnectProxy(target: number): Promise<ConnectProxy> {
  const asked: string[] = [];
  // The server forgets a connection that has become a tunnel, and waits for it at its end.
  const tunnels = new Set<Duplex>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on("connect", (request, client, head) => {
    asked.push(request.url ?? "");
    tunnels.add(client);
    client.on("close", () => {
      tunnels.delete(client);
      upstream.destroy();
    });
    const upstream = connect(target, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
    upstream.on("error", () => {
      // As proxies do: the client learns at once that nobody is there.
      if (upstream.connecting || upstream.bytesRead + upstream.bytesWritten === 0) {
        client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      } else client.destroy();
    });
    client.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the proxy has no port");
  return {
    port: address.port,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const tunnel of tunnels) tunnel.destroy();
      }),
  };
}
