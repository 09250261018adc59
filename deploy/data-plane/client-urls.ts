import { closedGateway, openGateway } from "../../components/gateway/names.ts";
import { type PortBook, portOf } from "../../tools/data-plane/port-book.ts";
import { type DataPlaneStack, proxies } from "./parts.ts";

/** Where clients call, by proxy that they may call. */
export function clientUrls(stack: DataPlaneStack, ports: PortBook) {
  const called: readonly string[] = [openGateway, closedGateway];
  return proxies(stack)
    .filter(({ deployment }) => called.includes(deployment))
    .map(({ name, deployment }) => ({
      name,
      deployment,
      url: `https://localhost:${portOf(ports, `${name}-clients`)}/v1`,
    }));
}
