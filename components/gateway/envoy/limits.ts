/** Bounds of every proxy; each protects the others' requests from one client. */

export const loopback = "127.0.0.1";

/** Largest request, bytes. A prompt of 128 k tokens is about half a MiB of JSON. */
export const mostRequestBytes = 8 * 1024 * 1024;
export const oneConnectionBuffer = 1024 * 1024;
export const mostHeadersKib = 32;
export const mostHeaders = 100;
export const mostStreamsPerConnection = 100;
/**
 * Open connections of clients to one proxy. 10,000 idle ones with TLS cost 133 MB, measured with Envoy 1.40 on
 * 2026-11-24.
 */
export const mostConnections = 15_000;
/** Memory of a proxy's own heap, MiB; its container needs a quarter more. */
export const heapMib = 1024;
/** Requests at one time to one cluster from one proxy. */
export const mostRequestsPerCluster = 4_096;

/** Keeps a proxy alive when it is asked for more than it can hold. */
export function overloadManager(): object {
  const heap = "envoy.resource_monitors.fixed_heap";
  const action = (name: string, share: number) => ({
    name: `envoy.overload_actions.${name}`,
    triggers: [{ name: heap, threshold: { value: share } }],
  });
  return {
    refresh_interval: "0.25s",
    resource_monitors: [
      {
        name: heap,
        typed_config: {
          "@type":
            "type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig",
          max_heap_size_bytes: heapMib * 1024 * 1024,
        },
      },
      {
        name: "envoy.resource_monitors.global_downstream_max_connections",
        typed_config: {
          "@type":
            "type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
          max_active_downstream_connections: mostConnections,
        },
      },
    ],
    actions: [
      action("shrink_heap", 0.85),
      action("disable_http_keepalive", 0.9),
      action("stop_accepting_requests", 0.95),
      action("stop_accepting_connections", 0.98),
    ],
  };
}
