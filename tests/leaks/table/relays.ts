import type { Leak } from "../leak.ts";
import { add, all, edit, kube, withImages } from "../support/change.ts";
import { merge } from "../support/edit.ts";
import { variables } from "../support/engine.ts";
import {
  allowEgress,
  allowIngress,
  block,
  configFile,
  container,
  deployment,
  engineLabels,
  https,
  podSpec,
  podsOf,
} from "../support/objects.ts";

const noMesh = "the definitions of Istio are in no pinned module";
/** The pod of a small server under its own account. */
function server(name: string, image: string) {
  return podSpec(name, [container(name, image)]);
}

const proxyPort = { protocol: "TCP", port: 3128 };

/** Somebody allowed passes it on. Rows 22 to 24. */
export const relays: readonly Leak[] = [
  {
    row: 22,
    title: "A neighbour that inference may reach, and that may reach the outside",
    catchers: ["E03"],
    column: "policy",
    variants: [
      {
        name: "push-gateway",
        title: "the engine pushes metrics to a pod of monitoring, where nothing is denied",
        stack: "prod",
        change: withImages((image) =>
          add(
            ...deployment(
              "monitoring/push-gateway",
              server("push-gateway", image("docker.io/prom/pushgateway")),
            ),
            allowEgress("inference/push-metrics", [
              {
                to: [podsOf("monitoring", { app: "push-gateway" })],
                ports: [{ protocol: "TCP", port: 9091 }],
              },
            ]),
          ),
        ),
      },
      {
        name: "relay-in-gateway",
        title: "a forward proxy in the gateway's namespace, with both halves of the edge to it",
        stack: "staging",
        change: withImages((image) =>
          add(
            ...deployment("gateway/forward", server("forward", image("docker.io/ubuntu/squid"))),
            allowEgress("inference/to-forward", [
              { to: [podsOf("gateway", { app: "forward" })], ports: [proxyPort] },
            ]),
            allowIngress(
              "gateway/from-inference",
              [{ from: [podsOf("inference")], ports: [proxyPort] }],
              { matchLabels: { app: "forward" } },
            ),
            allowEgress("gateway/forward-out", [{ to: [block("0.0.0.0/0")], ports: [https] }], {
              matchLabels: { app: "forward" },
            }),
          ),
        ),
      },
      {
        name: "foreign-namespace",
        title: "the log collector of another team, about which the stack knows nothing",
        stack: "prod",
        change: add(
          allowEgress(
            "inference/logs",
            [{ to: [podsOf("logging")], ports: [{ protocol: "TCP", port: 24224 }] }],
            { matchLabels: engineLabels },
          ),
        ),
      },
    ],
  },
  {
    row: 23,
    title: "A gateway that forwards to whatever its caller names",
    catchers: ["E19"],
    column: "policy",
    variants: [
      {
        name: "dynamic-forward-proxy",
        title: "Envoy resolves the host of each request",
        stack: "prod",
        change: add(
          configFile("gateway/envoy", "envoy.yaml", [
            "static_resources:",
            "  clusters:",
            "    - name: anywhere",
            "      lb_policy: CLUSTER_PROVIDED",
            "      cluster_type:",
            "        name: envoy.clusters.dynamic_forward_proxy",
          ]),
        ),
      },
      {
        name: "connect",
        title: "Envoy opens tunnels by CONNECT",
        stack: "staging",
        change: add(
          configFile("gateway/envoy", "envoy.yaml", [
            "static_resources:",
            "  listeners:",
            "    - name: tunnel",
            "      filter_chains:",
            "        - filters:",
            "            - name: envoy.filters.network.http_connection_manager",
            "              typed_config:",
            "                upgrade_configs: [{ upgrade_type: CONNECT }]",
            "                route_config:",
            "                  virtual_hosts:",
            "                    - name: any",
            '                      domains: ["*"]',
            "                      routes:",
            "                        - match: { connect_matcher: {} }",
            "                          route:",
            "                            cluster: out",
            "                            upgrade_configs:",
            "                              - { upgrade_type: CONNECT, connect_config: {} }",
          ]),
        ),
      },
      {
        name: "variable-upstream",
        title: "nginx passes to the host that the request names",
        stack: "prod",
        change: add(
          configFile("gateway/nginx", "nginx.conf", [
            "http {",
            "  server {",
            "    listen 8080;",
            "    resolver 10.96.0.10;",
            "    location / { proxy_pass https://$http_host$request_uri; }",
            "  }",
            "}",
          ]),
        ),
      },
      {
        name: "proxy-variable",
        title: "the engine is told to use the site's proxy",
        stack: "staging",
        change: variables({ https_proxy: "http://proxy.example.internal:3128" }),
      },
    ],
  },
  {
    row: 24,
    title: "A mesh whose proxies carry what the policies deny",
    catchers: ["E19"],
    column: "policy",
    variants: [
      {
        name: "external-entry",
        title: "the mesh learns of a host outside",
        stack: "prod",
        unserved: noMesh,
        change: add(
          kube("networking.istio.io/v1", "ServiceEntry", "gateway/vendor", {
            spec: {
              hosts: ["api.vendor.example.com"],
              location: "MESH_EXTERNAL",
              resolution: "DNS",
              ports: [{ number: 443, name: "tls", protocol: "TLS" }],
            },
          }),
        ),
      },
      {
        name: "allow-any",
        title: "the mesh passes unknown destinations on",
        stack: "prod",
        change: add(
          configFile("istio-system/istio", "mesh", ["outboundTrafficPolicy:", "  mode: ALLOW_ANY"]),
        ),
      },
      {
        name: "sidecar-allow-any",
        title: "the proxies of one namespace pass unknown destinations on",
        stack: "staging",
        unserved: noMesh,
        change: add(
          kube("networking.istio.io/v1", "Sidecar", "inference/default", {
            spec: { outboundTrafficPolicy: { mode: "ALLOW_ANY" } },
          }),
        ),
      },
      {
        name: "ambient",
        title: "the node's proxy carries everything over one port, whatever its true port",
        stack: "staging",
        change: all(
          edit(
            "Namespace",
            "isolation-inference",
            merge(["metadata", "labels"], { "istio.io/dataplane-mode": "ambient" }),
          ),
          add(
            allowEgress("inference/ambient", [
              { to: [podsOf("istio-system")], ports: [{ protocol: "TCP", port: 15_008 }] },
            ]),
          ),
        ),
      },
    ],
  },
];
