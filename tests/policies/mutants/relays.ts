import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { changed, kube } from "../good-graph.ts";
import {
  added,
  digest,
  engine,
  engineMutant,
  enginePath,
  fileMutant,
  type Mutant,
} from "./mutant.ts";

const container = "spec.template.spec.containers[0]";

/** A change of the gateway's container. */
function gateway(title: string, field: string, value: Value, path: string): Mutant {
  const place = ["spec", "template", "spec", "containers", 0, field];
  const resources = changed("Deployment/proxy", place, value);
  return { rule: "E19", title, resources, object: "Deployment gateway/proxy", path };
}

/** A program beside the others, in a namespace of the infrastructure. */
function program(title: string, more: ValueObject, path = container): Mutant {
  const image = `registry.internal/llm/tools/box@${digest}`;
  const workload = kube("apps/v1:Deployment", "box", "monitoring", {
    spec: { template: { metadata: {}, spec: { containers: [{ name: "box", image, ...more }] } } },
  });
  return added("E19", title, workload, "Deployment monitoring/box", path);
}

function mesh(title: string, type: string, spec: ValueObject, path: string): Mutant {
  const object = kube(type, "mesh", "monitoring", { spec });
  return added("E19", title, object, `${type.split(":").at(-1)} monitoring/mesh`, path);
}

const file = (title: string, text: string) => fileMutant("E19", title, "proxy.conf", text);

export const relays: readonly Mutant[] = [
  file(
    "Envoy as forward proxy",
    "http_filters:\n  - name: envoy.filters.http.dynamic_forward_proxy\n",
  ),
  file("Envoy that opens tunnels", "upgrade_configs:\n  - upgrade_type: CONNECT\n"),
  file("Envoy that opens tunnels, in JSON", '{"upgrade_configs":[{"upgrade_type":"CONNECT"}]}'),
  file("Envoy that matches CONNECT", "match:\n  connect_matcher: {}\n"),
  file("Envoy that sends where the caller dialled", "clusters:\n  - type: ORIGINAL_DST\n"),
  file(
    "nginx whose host is a variable",
    "location / {\n  proxy_pass http://$http_host$request_uri;\n}\n",
  ),
  file("nginx whose upstream is a variable", "location / {\n  proxy_pass $upstream;\n}\n"),
  file("nginx whose domain ends in a variable", "proxy_pass https://api.$domain/v1;\n"),
  file("nginx that passes gRPC to a variable", "  grpc_pass grpc://$arg_host:443;\n"),
  file("nginx that opens tunnels", "server {\n  proxy_connect;\n}\n"),
  file("Squid", "http_port 3128\nhttp_access allow all\n"),
  file(
    "HAProxy that resolves what the caller names",
    "  http-request do-resolve(txn.ip,dns) hdr(host)\n",
  ),
  file("Apache as forward proxy", "ProxyRequests On\n"),
  fileMutant("E19", "file of a proxy that is not known", "envoy.yaml", unknown),
  program("Envoy as forward proxy by its arguments", {
    command: ["envoy", "--config-yaml", "clusters: [{type: ORIGINAL_DST}]"],
  }),
  fileMutant(
    "E19",
    "mesh that sends unknown hosts on",
    "mesh",
    "outboundTrafficPolicy:\n  mode: ALLOW_ANY\n",
    "data.mesh.outboundTrafficPolicy.mode",
  ),
  fileMutant(
    "E19",
    "mesh that sends unknown hosts on by silence",
    "mesh",
    "accessLogFile: /dev/stdout\n",
    "data.mesh.outboundTrafficPolicy.mode",
  ),
  program(
    "proxy by its image",
    { image: `registry.internal/llm/ubuntu/squid@${digest}` },
    `${container}.image`,
  ),
  program(
    "tunnel by its image",
    { image: `registry.internal/llm/cloudflare/cloudflared@${digest}` },
    `${container}.image`,
  ),
  program(
    "private network by its image",
    { image: `registry.internal/llm/tailscale/tailscale@${digest}` },
    `${container}.image`,
  ),
  program("relay by its command", { command: ["socat", "TCP-LISTEN:1,fork", "TCP:x:1"] }),
  program("relay by its path", { command: ["/usr/bin/tinyproxy", "-d"] }),
  program("relay in a script", { command: ["sh", "-c", "apt list; exec socat - TCP:x:1"] }),
  program("relay behind a wrapper", { command: ["timeout", "60", "ngrok", "tcp", "22"] }),
  program("tunnel of ssh", { command: ["ssh", "-N", "-D", "1080", "host"] }),
  program("tunnel of ssh in arguments alone", {
    command: ["sh", "-c"],
    args: ["ssh -fN -R 1:a:1 b"],
  }),
  program("proxy to the API server", { command: ["kubectl", "proxy", "--port=8001"] }),
  program("listening netcat", { command: ["nc", "-lk", "-p", "80"] }),
  added(
    "E19",
    "relay in an init container",
    kube("batch/v1:CronJob", "box", "monitoring", {
      spec: {
        jobTemplate: {
          spec: {
            template: {
              metadata: {},
              spec: {
                initContainers: [{ image: `registry.internal/llm/x@${digest}`, command: ["frpc"] }],
                containers: [{ image: `registry.internal/llm/x@${digest}` }],
              },
            },
          },
        },
      },
    }),
    "CronJob monitoring/box",
    "spec.jobTemplate.spec.template.spec.initContainers[0]",
  ),
  gateway(
    "gateway behind a proxy",
    "env",
    [{ name: "HTTPS_PROXY", value: "http://proxy.example.com:3128" }],
    `${container}.env[0]`,
  ),
  gateway(
    "gateway behind a proxy in lower case",
    "env",
    [{ name: "all_proxy", value: "socks5://10.0.0.1:1080" }],
    `${container}.env[0]`,
  ),
  gateway(
    "gateway with an unknown proxy",
    "env",
    [{ name: "http_proxy", value: unknown }],
    `${container}.env[0]`,
  ),
  gateway(
    "gateway whose proxy comes from a Secret",
    "env",
    [{ name: "HTTP_PROXY", valueFrom: { secretKeyRef: { name: "p", key: "url" } } }],
    `${container}.env[0]`,
  ),
  gateway(
    "gateway with variables from elsewhere",
    "envFrom",
    [{ configMapRef: { name: "shared" } }],
    `${container}.envFrom[0]`,
  ),
  gateway("gateway told to use a proxy", "args", ["--https-proxy=http://p:1"], container),
  engineMutant(
    "E19",
    "engine behind a proxy",
    [...engine, "env", 5],
    { name: "HTTPS_PROXY", value: "http://proxy.monitoring.svc:3128" },
    `${enginePath}.env[5]`,
  ),
  mesh(
    "sidecar that sends unknown hosts on",
    "networking.istio.io/v1:Sidecar",
    { outboundTrafficPolicy: { mode: "ALLOW_ANY" } },
    "spec.outboundTrafficPolicy.mode",
  ),
  mesh(
    "host outside the mesh",
    "networking.istio.io/v1:ServiceEntry",
    { hosts: ["api.example.com"], location: "MESH_EXTERNAL" },
    "spec.location",
  ),
  mesh(
    "host outside the mesh by silence",
    "networking.istio.io/v1:ServiceEntry",
    { hosts: ["api.example.com"] },
    "spec.location",
  ),
  mesh("patch of Envoy", "networking.istio.io/v1alpha3:EnvoyFilter", {}, "kind"),
  mesh(
    "gateway backend that the caller names",
    "gateway.envoyproxy.io/v1alpha1:Backend",
    { type: "DynamicResolver" },
    "spec.type",
  ),
  mesh(
    "gateway backend outside",
    "gateway.envoyproxy.io/v1alpha1:Backend",
    { endpoints: [{ fqdn: { hostname: "api.example.com", port: 443 } }] },
    "spec.endpoints[0].fqdn.hostname",
  ),
  mesh(
    "mesh of an operator that says nothing",
    "install.istio.io/v1alpha1:IstioOperator",
    {},
    "spec.meshConfig.outboundTrafficPolicy.mode",
  ),
  mesh("gateway for egress of Cilium", "cilium.io/v2:CiliumEgressGatewayPolicy", {}, "kind"),
  {
    rule: "E19",
    title: "models in the ambient mesh",
    resources: changed("Namespace/inference", ["metadata", "labels"], {
      "istio.io/dataplane-mode": "ambient",
    }),
    object: "Namespace inference",
    path: 'metadata.labels["istio.io/dataplane-mode"]',
  },
  {
    rule: "E19",
    title: "gateway pods in the ambient mesh",
    resources: changed(
      "Deployment/proxy",
      ["spec", "template", "metadata", "labels", "istio.io/dataplane-mode"],
      "ambient",
    ),
    object: "Deployment gateway/proxy",
    path: 'spec.template.metadata.labels["istio.io/dataplane-mode"]',
  },
];
