import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

export interface ReleaseSite {
  readonly url: string;
  /** Paths asked for with GET, in order. */
  readonly requested: readonly string[];
  readonly close: () => Promise<void>;
}

/** A loopback HTTP server with the given files; anything else is 404. */
export async function releaseSite(files: Readonly<Record<string, Buffer>>): Promise<ReleaseSite> {
  const requested: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (request.method === "GET") requested.push(path);
    const file = files[path];
    response.statusCode = file === undefined ? 404 : 200;
    response.end(request.method === "GET" ? file : undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requested,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
