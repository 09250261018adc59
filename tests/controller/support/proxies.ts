import { join } from "node:path";
import {
  clientHeader,
  openGateway,
  routeConfigName,
  xdsCluster,
} from "../../../components/gateway/names.ts";
import { freePorts } from "../../../tools/cluster/lib/ports.ts";
import { envoyBinary } from "../../../tools/data-plane/binaries/envoy.ts";
import { type AttachedService, startAttached } from "../../../tools/data-plane/process.ts";
import { temporaryFolder } from "../../support/temporary.ts";

export interface Proxy {
  readonly node: string;
  readonly port: number;
  readonly process: AttachedService;
}

const loopback = "127.0.0.1";
const listen = (port: number) => ({ socket_address: { address: loopback, port_value: port } });
const rest = {
  api_config_source: {
    api_type: "REST",
    transport_api_version: "V3",
    cluster_names: [xdsCluster],
    refresh_delay: "0.25s",
    request_timeout: "1s",
  },
  initial_fetch_timeout: "0s",
  resource_api_version: "V3",
};

/** What of an open gateway's configuration has to do with the controller, and nothing else. */
function bootstrap(
  ports: { admin: number; port: number; xds: number },
  clusters: readonly string[],
) {
  const manager = {
    "@type":
      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
    stat_prefix: "clients",
    rds: { route_config_name: routeConfigName, config_source: rest },
    http_filters: [
      {
        name: "router",
        typed_config: {
          "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
        },
      },
    ],
  };
  return {
    admin: { address: listen(ports.admin) },
    static_resources: {
      listeners: [
        {
          name: "clients",
          address: listen(ports.port),
          filter_chains: [{ filters: [{ name: "http", typed_config: manager }] }],
        },
      ],
      clusters: [
        {
          name: xdsCluster,
          type: "STATIC",
          load_assignment: {
            cluster_name: xdsCluster,
            endpoints: [{ lb_endpoints: [{ endpoint: { address: listen(ports.xds) } }] }],
          },
        },
        ...clusters.map((name) => ({
          name,
          type: "EDS",
          // A cluster that stands for two has the servers of the first here: nothing fails in these tests.
          eds_cluster_config: { eds_config: rest, service_name: name.split("+")[0] },
        })),
      ],
    },
  };
}

/** Real proxies that take routes and endpoints from a controller; each ends with the test. */
export async function startProxies(
  t: Parameters<typeof temporaryFolder>[0],
  count: number,
  xds: number,
  clusters: readonly string[],
): Promise<Proxy[]> {
  const ports = await freePorts(2 * count);
  const program = await envoyBinary();
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const [admin = 0, port = 0] = ports.slice(2 * index);
      const node = `gateway-${index}`;
      const config = JSON.stringify(bootstrap({ admin, port, xds }, clusters));
      const folder = await temporaryFolder(t, { "envoy.json": config });
      const process = await startAttached({
        name: node,
        program,
        args: [
          "--use-dynamic-base-id",
          "--concurrency",
          "1",
          "--service-node",
          node,
          "--service-cluster",
          openGateway,
          "--config-path",
          join(folder, "envoy.json"),
        ],
        log: join(folder, "envoy.log"),
        isReady: async (signal) =>
          (await fetch(`http://${loopback}:${admin}/ready`, { signal })).ok,
      });
      t.teardown(() => process.stop());
      return { node, port, process };
    }),
  );
}

export function ask(
  proxy: Proxy,
  taskClass: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`http://${loopback}:${proxy.port}/v1/chat/completions`, {
    method: "POST",
    headers: {
      [clientHeader]: `${taskClass}/team-a`,
      "content-type": "application/json",
      ...headers,
    },
    body: "{}",
  });
}
