import { ports } from "../names.ts";
import { address, type Endpoint, type LoadAssignment, typed } from "./types.ts";

/** A pod of an engine. */
export interface EngineAddress {
  readonly address: string;
  readonly port: number;
}

/** Key under which an endpoint bears its own address, by which a health check finds it. */
export const endpointKey = "address";
/** Type of the resources that `endpointAssignment` makes, for a DiscoveryResponse. */
export const assignmentType = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
/** Name in a proxy's node metadata of where it checks health from. */
export const healthAddressKey = "health_address";

/**
 * Endpoints of an engine's cluster. Each is checked through a listener of the proxy itself, which knows the
 * engine's key, and picks the endpoint by the host name of the check.
 * @param health where that proxy listens for its own checks, as `healthAddressOf` reads it out of its node
 */
export function endpointAssignment(
  cluster: string,
  endpoints: readonly EngineAddress[],
  health: EngineAddress = { address: "127.0.0.1", port: ports.health },
) {
  const assignment = {
    cluster_name: cluster,
    endpoints: [{ lb_endpoints: endpoints.map((each) => endpoint(each, health)) }],
  } satisfies LoadAssignment;
  return typed("envoy.config.endpoint.v3.ClusterLoadAssignment", assignment);
}

function endpoint(at: EngineAddress, health: EngineAddress): Endpoint {
  const hostname = at.address.includes(":")
    ? `[${at.address}]:${at.port}`
    : `${at.address}:${at.port}`;
  return {
    endpoint: {
      address: address(at.address, at.port),
      health_check_config: { hostname, address: address(health.address, health.port) },
    },
    metadata: { filter_metadata: { "envoy.lb": { [endpointKey]: hostname } } },
  };
}

/** Where a proxy wants its checks to go, out of `node.metadata` of its request; undefined where it does not say. */
export function healthAddressOf(metadata: unknown): EngineAddress | undefined {
  const socket = field(field(metadata, healthAddressKey), "socket_address");
  const host = field(socket, "address");
  const port = field(socket, "port_value");
  return typeof host === "string" && typeof port === "number" ? { address: host, port } : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
