/** Where pods of a cluster listen. */
export interface EndpointAddress {
  readonly address: string;
  readonly port: number;
}

/** A ClusterLoadAssignment. */
export function endpointAssignment(
  cluster: string,
  endpoints: readonly EndpointAddress[],
): Readonly<Record<string, unknown>> {
  return {
    "@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
    cluster_name: cluster,
    endpoints: [
      {
        lb_endpoints: endpoints.map(({ address, port }) => ({
          endpoint: { address: { socket_address: { address, port_value: port } } },
        })),
      },
    ],
  };
}
