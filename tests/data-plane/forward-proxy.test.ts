import { once } from "node:events";
import { createServer as httpServer, request } from "node:http";
import type { Server, Socket } from "node:net";
import test from "ava";
import { forwardProxy, parseDestination } from "../../tools/data-plane/forward-proxy/proxy.ts";

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** What a proxy answers to a CONNECT, and the tunnel. */
function connectTo(proxy: number, host: string): Promise<{ status: number; socket: Socket }> {
  const asked = request({ host: "127.0.0.1", port: proxy, method: "CONNECT", path: host });
  asked.end();
  return new Promise((resolve, reject) => {
    asked.once("connect", (response, socket) => {
      resolve({ status: response.statusCode ?? 0, socket });
    });
    asked.once("error", reject);
  });
}

test("a tunnel leads to the port that stands in for its host", async (t) => {
  const far = httpServer((_request, response) => response.end("far end"));
  const farPort = await listening(far);
  const proxy = forwardProxy((asked) => (asked === "api.openai.com:443" ? farPort : undefined));
  const port = await listening(proxy);
  const { status, socket } = await connectTo(port, "api.openai.com:443");
  t.is(status, 200);
  socket.end("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
  t.regex((await socket.toArray()).join(""), /far end/);
  proxy.close();
  far.close();
});

test("a host that it does not know is refused", async (t) => {
  const proxy = forwardProxy(() => undefined);
  const port = await listening(proxy);
  const { status, socket } = await connectTo(port, "example.com:443");
  t.is(status, 403);
  socket.destroy();
  proxy.close();
});

test("where nobody listens a client is told at once", async (t) => {
  const gone = httpServer();
  const farPort = await listening(gone);
  gone.close();
  const proxy = forwardProxy(() => farPort);
  const { status, socket } = await connectTo(await listening(proxy), "api.openai.com:443");
  t.is(status, 502);
  socket.destroy();
  proxy.close();
});

test("it is a proxy for tunnels alone", async (t) => {
  const proxy = forwardProxy(() => undefined);
  const port = await listening(proxy);
  const answer = await fetch(`http://127.0.0.1:${port}/anything`);
  t.is(answer.status, 405);
  proxy.close();
});

test("a destination is host:port=port", (t) => {
  t.deepEqual(parseDestination("api.openai.com:443=8443"), ["api.openai.com:443", 8443]);
  t.throws(() => parseDestination("api.openai.com=8443"), { message: /write host:port=port/ });
});
