import type { Duplex } from "node:stream";
import { forwardProxy } from "../../../tools/data-plane/forward-proxy/proxy.ts";

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
  const server = forwardProxy((host) => {
    asked.push(host);
    return target;
  });
  server.on("connect", (_request, client) => {
    tunnels.add(client);
    client.on("close", () => tunnels.delete(client));
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
