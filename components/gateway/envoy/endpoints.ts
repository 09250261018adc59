/** A pod of an engine. */
export interface EngineAddress {
  readonly address: string;
  readonly port: number;
}

/** Key under which an endpoint bears its own address, by which a health check finds it. */
export const endpointKey = "address";

export function endpointAssignment(
  cluster: string,
  endpoints: readonly EngineAddress[],
  health: EngineAddress = { address: "127.0.0.1", port: 9903 },
) {
  const address = (at: EngineAddress) => ({
    socket_address: { address: at.address, port_value: at.port },
  });
  return {
    "@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
    cluster_name: cluster,
    endpoints: [
      {
        lb_endpoints: endpoints.map((at) => ({
          endpoint: { address: address(at), health_check_config: { address: address(health) } },
        })),
      },
    ],
  };
}

/** Where a proxy wants its checks to go, out of `node.metadata` of its request; undefined where it does not say. */
export function healthAddressOf(metadata: unknown): EngineAddress | undefined {
  const socket = field(field(metadata, "health_address"), "socket_address");
  const host = field(socket, "address");
  const port = field(socket, "port_value");
  return typeof host === "string" && typeof port === "number" ? { address: host, port } : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
