import type { ExecutionContext } from "ava";
import { z } from "zod";
import {
  desiredConfigMap,
  desiredKey,
  openGateway,
  routeConfigName,
} from "../../../components/gateway/names.ts";
import { RouteController } from "../../../controller/controller.ts";
import { jsonLog } from "../../../controller/log.ts";
import { type Observed, trafficOf } from "../../../controller/observed.ts";
import { close, discoveryServer, listen } from "../../../controller/server.ts";
import { desiredOf } from "../../migration/support/desired.ts";

/** The server as proxies see it, with a source that says what the test wants. */

export const routesPath = "/v3/discovery:routes";
export const endpointsPath = "/v3/discovery:endpoints";

export interface Site {
  readonly controller: RouteController;
  readonly url: string;
  readonly log: string[];
  readonly counts: string[];
  clock: Date;
}

export async function site(t: ExecutionContext, observed: Partial<Observed> = {}): Promise<Site> {
  const log: string[] = [];
  const counts: string[] = [];
  const made = { clock: new Date(0) };
  const controller = new RouteController({
    log: jsonLog(
      (line) => log.push(line),
      () => made.clock,
    ),
    now: () => made.clock,
    onChange: () => {},
  });
  const server = discoveryServer(
    (path, text) => controller.discover(path, text),
    (path, status) => counts.push(`${path} ${status}`),
  );
  const port = await listen(server, "127.0.0.1", 0);
  t.teardown(() => close(server));
  controller.observe(observed);
  return Object.assign(made, { controller, url: `http://127.0.0.1:${port}`, log, counts });
}

function configMap(name: string, data: Readonly<Record<string, string>>) {
  return { metadata: { name }, data };
}

export const traffic = (text = JSON.stringify(desiredOf())) =>
  trafficOf([configMap(desiredConfigMap, { [desiredKey]: text }), configMap("other", {})]);
export const known: Observed = { traffic: traffic(), engines: [], egress: [] };

const answer = z.object({
  versionInfo: z.string(),
  typeUrl: z.string(),
  resources: z.array(z.looseObject({ "@type": z.string() })),
});

export function post({ url }: Site, path: string, body: unknown): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

export function asks(version = "", node = "gateway-a") {
  return {
    versionInfo: version,
    node: { id: node, cluster: openGateway },
    resourceNames: [routeConfigName],
    typeUrl: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
  };
}

export async function offered(made: Site, path: string, body: unknown) {
  return answer.parse(await (await post(made, path, body)).json());
}

export const slice = (service: string, ports: unknown, ...endpoints: readonly unknown[]) => ({
  metadata: { labels: { "kubernetes.io/service-name": service } },
  ports,
  endpoints,
});
