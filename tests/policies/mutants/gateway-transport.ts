import { stringify } from "yaml";
import { type ValueObject } from "../../../policies/model/value.ts";
import { kube, replaceAt } from "../good-graph.ts";
import { envoyMutant, goodEnvoy } from "./envoy-document.ts";
import { added, type Mutant } from "./mutant.ts";

function listener(more: ValueObject) {
  return kube("gateway.networking.k8s.io/v1:Gateway", "gateway", "gateway", {
    spec: { listeners: [{ name: "l", port: 443, ...more }] },
  });
}

function service(spec: ValueObject) {
  return kube("core/v1:Service", "proxy", "gateway", { spec });
}

const chain = "static_resources.listeners[0].filter_chains[0]";

export const transport: readonly Mutant[] = [
  envoyMutant(
    "A12",
    "an Envoy with a socket that only has the name of TLS",
    [
      "static_resources",
      "listeners",
      0,
      "filter_chains",
      0,
      "transport_socket",
      "typed_config",
      "@type",
    ],
    "type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
    'data["envoy.yaml"].static_resources.listeners[0].filter_chains[0]',
  ),
  added(
    "A12",
    "a listener of plain HTTP",
    listener({ protocol: "HTTP" }),
    "Gateway gateway/gateway",
    "spec.listeners[0].protocol",
  ),
  added(
    "A12",
    "a listener without a certificate",
    listener({ protocol: "HTTPS", tls: { mode: "Terminate" } }),
    "Gateway gateway/gateway",
    "spec.listeners[0].tls.certificateRefs",
  ),
  added(
    "A12",
    "an Ingress without TLS",
    kube("networking.k8s.io/v1:Ingress", "proxy", "gateway", {
      spec: { rules: [{ host: "a.b" }] },
    }),
    "Ingress gateway/proxy",
    "spec.tls",
  ),
  added(
    "A12",
    "an Ingress with one host without TLS",
    kube("networking.k8s.io/v1:Ingress", "proxy", "gateway", {
      spec: {
        tls: [{ hosts: ["a.b"], secretName: "s" }],
        rules: [{ host: "a.b" }, { host: "c.b" }],
      },
    }),
    "Ingress gateway/proxy",
    "spec.rules[1].host",
  ),
  added(
    "A12",
    "a load balancer for plain HTTP",
    service({ type: "LoadBalancer", ports: [{ name: "http", port: 80 }] }),
    "Service gateway/proxy",
    "spec.ports[0]",
  ),
  added(
    "A12",
    "a port of 443 that says it speaks HTTP",
    service({ type: "NodePort", ports: [{ name: "https", port: 443, appProtocol: "http" }] }),
    "Service gateway/proxy",
    "spec.ports[0]",
  ),
  envoyMutant(
    "A12",
    "an Envoy without TLS",
    ["static_resources", "listeners", 0, "filter_chains", 0, "transport_socket"],
    undefined,
    `data["envoy.yaml"].${chain}`,
  ),
  {
    rule: "A12",
    title: "an Envoy without TLS, on its command line",
    resources: [
      kube("core/v1:Pod", "proxy", "gateway", {
        spec: {
          containers: [
            {
              name: "c",
              args: [
                "--config-yaml",
                stringify(
                  replaceAt(
                    goodEnvoy,
                    ["static_resources", "listeners", 0, "filter_chains", 0, "transport_socket"],
                    undefined,
                  ),
                ),
              ],
            },
          ],
        },
      }),
    ],
    object: "Pod gateway/proxy",
    path: `spec.containers[0].args[1].${chain}`,
  },
];
