import { at, type Value } from "../../../policies/model/value.ts";
import { documentOf, gatewayChanged, placeIn } from "../gateway-graph.ts";
import { goodResources, kube, settings } from "../good-graph.ts";
import {
  bootstrap,
  bootstrapPath,
  changedBootstrap,
  changedGateway,
  clusters,
  manager,
} from "./gateway-mutant.ts";
import type { Mutant } from "./mutant.ts";

/** What A11, A12 and E05 see of the way out. */

const egress = "gateway-egress-envoy";
const provider = placeIn(egress, bootstrap, clusters, ({ name }) => name === "provider-openai");

const endpoint = [
  ...clusters,
  provider,
  "load_assignment",
  "endpoints",
  0,
  "lb_endpoints",
  0,
  "endpoint",
];

const chainPath = `${bootstrapPath}.static_resources.listeners[0].filter_chains[0]`;
const rewrite = `${chainPath}.filters[0].typed_config.route_config.virtual_hosts[0].routes[0].route.path_rewrite`;
const tls = [
  ...clusters,
  provider,
  "transport_socket",
  "typed_config",
  "transport_socket",
  "typed_config",
];

/** The provider's cluster under another name, wherever it stands. */
function providerAs(name: string): Value {
  const cluster = at(documentOf(egress, bootstrap), ...clusters, provider);
  return JSON.parse(JSON.stringify(cluster).replaceAll("api.openai.com", name));
}

const providers: readonly Mutant[] = [
  ...["llama.inference.svc", "llama.inference", "llama.local", "llama", "10.244.0.7"].map((name) =>
    changedBootstrap(
      "A11",
      `a rewritten path to ${name}, by name and certificate`,
      egress,
      [...clusters, provider],
      providerAs(name),
      rewrite,
    ),
  ),
  changedBootstrap(
    "A11",
    "a rewritten path through a tunnel to an address",
    egress,
    [...endpoint, "hostname"],
    undefined,
    rewrite,
  ),
  changedBootstrap(
    "A11",
    "a rewritten path without the site's proxy",
    egress,
    [...clusters, provider, "transport_socket", "typed_config", "default_proxy_address"],
    undefined,
    rewrite,
  ),
  changedBootstrap(
    "A11",
    "a rewritten path to whom no certificate names",
    egress,
    [...tls, "common_tls_context", "validation_context", "match_typed_subject_alt_names"],
    [],
    rewrite,
  ),
  changedBootstrap(
    "A11",
    "a rewritten path under another name",
    egress,
    [...tls, "sni"],
    "api.example.com",
    rewrite,
  ),
  changedBootstrap(
    "A11",
    "a rewritten path without TLS",
    egress,
    [...clusters, provider, "transport_socket"],
    undefined,
    rewrite,
  ),
  changedBootstrap(
    "A12",
    "a way that leads to no provider, without TLS",
    egress,
    [...clusters, provider, "transport_socket"],
    undefined,
    chainPath,
  ),
  changedBootstrap(
    "A11",
    "a way to a provider where nobody is asked",
    egress,
    [...manager, "http_filters"],
    [],
    `${chainPath}.filters[0].typed_config`,
  ),
  {
    rule: "A12",
    title: "a way to a provider in a network that encrypts nothing",
    resources: gatewayChanged("Service/gateway-routes", ["metadata", "labels"], {}),
    object: `ConfigMap gateway/${egress}`,
    path: chainPath,
    settings: { ...settings, policies: { ...settings.policies, engineTransport: "tls" } },
  },
];

const policy = "NetworkPolicy/provider-openai-of-gateway-egress-out";

const openEgress: readonly Mutant[] = [
  changedGateway(
    "E05",
    "a gateway's way out to every address",
    policy,
    ["spec", "egress", 0, "to", 0, "ipBlock", "cidr"],
    "0.0.0.0/0",
    { path: "spec.egress[0].to[0].ipBlock.cidr" },
  ),
  changedGateway("E05", "a gateway's way out to anybody", policy, ["spec", "egress", 0, "to"], [], {
    path: "spec.egress[0].to",
  }),
  {
    rule: "E05",
    title: "another gateway's way out to every address",
    resources: [
      ...goodResources,
      kube("networking.k8s.io/v1:NetworkPolicy", "out", "gateway", {
        spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
      }),
    ],
    object: "NetworkPolicy gateway/out",
    path: "spec.egress[0]",
  },
];

export const providersAndWays: readonly Mutant[] = [...providers, ...openEgress];
