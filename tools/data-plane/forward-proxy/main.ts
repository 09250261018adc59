import { parseArgs } from "node:util";
import { forwardProxy, parseDestination } from "./proxy.ts";

const { values } = parseArgs({
  options: { port: { type: "string" }, to: { type: "string", multiple: true, default: [] } },
});
const destinations = new Map(values.to.map(parseDestination));
const server = forwardProxy((asked) => destinations.get(asked));
server.listen(Number(values.port ?? "0"), "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ event: "listening", address: server.address() })}\n`);
});
process.once("SIGTERM", () => {
  // Tunnels of proxies that stay would otherwise keep it alive.
  server.close();
  process.exit(0);
});
