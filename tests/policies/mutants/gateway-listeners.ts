import { gatewayChanged, placeIn } from "../gateway-graph.ts";
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

/** What A11, A12 and E05 see of listeners that are not for clients, and of the way out. */

const open = "gateway-envoy";
const egress = "gateway-egress-envoy";
const provider = placeIn(egress, bootstrap, clusters, ({ name }) => name === "provider-openai");
const listeners = ["static_resources", "listeners"] as const;
const metrics = placeIn(open, bootstrap, listeners, ({ name }) => name === "metrics");
const health = placeIn(open, bootstrap, listeners, ({ name }) => name === "health");

const socket = (cluster: number) => [
  ...clusters,
  cluster,
  "load_assignment",
  "endpoints",
  0,
  "lb_endpoints",
  0,
  "endpoint",
  "address",
  "socket_address",
  "address",
];

const chain = (listener: number) => [...listeners, listener, "filter_chains", 0];
const chainPath = (listener: number) =>
  `${bootstrapPath}.static_resources.listeners[${listener}].filter_chains[0]`;
const firstRoute = (listener: number) => [
  ...chain(listener),
  "filters",
  0,
  "typed_config",
  "route_config",
  "virtual_hosts",
  0,
  "routes",
  0,
];
const firstRoutePath = (listener: number) =>
  `${chainPath(listener)}.filters[0].typed_config.route_config.virtual_hosts[0].routes[0]`;

const ownListeners: readonly Mutant[] = [
  changedBootstrap(
    "A11",
    "another page of the admin interface",
    open,
    [...firstRoute(metrics), "match", "path"],
    "/config_dump",
    `${firstRoutePath(metrics)}.match.path`,
  ),
  changedBootstrap(
    "A11",
    "a page that becomes another one",
    open,
    [...firstRoute(metrics), "route", "prefix_rewrite"],
    "/quitquitquit",
    `${firstRoutePath(metrics)}.route.prefix_rewrite`,
  ),
  changedBootstrap(
    "A11",
    "a page that leads to an engine",
    open,
    [...firstRoute(metrics), "route", "cluster"],
    "engine-llama",
    `${chainPath(metrics)}.filters[0].typed_config`,
  ),
  changedBootstrap(
    "A12",
    "a page that leads to an engine, without TLS",
    open,
    [...firstRoute(metrics), "route", "cluster"],
    "engine-llama",
    chainPath(metrics),
  ),
  changedBootstrap(
    "A11",
    "the way of health checks open to others",
    open,
    [...listeners, health, "address", "socket_address", "address"],
    "0.0.0.0",
    `${chainPath(health)}.filters[0].typed_config`,
  ),
  changedBootstrap(
    "A11",
    "the way of health checks on a second address",
    open,
    [...listeners, health, "additional_addresses"],
    [{ address: { socket_address: { address: "0.0.0.0" } } }],
    `${chainPath(health)}.filters[0].typed_config`,
  ),
  changedBootstrap(
    "A12",
    "the way of health checks open to others, without TLS",
    open,
    [...listeners, health, "address", "socket_address", "address"],
    "0.0.0.0",
    chainPath(health),
  ),
  changedBootstrap(
    "A12",
    "clients without TLS",
    open,
    [...chain(0), "transport_socket"],
    undefined,
    chainPath(0),
  ),
];

const rewrite = `${firstRoutePath(0)}.route.path_rewrite`;
const tls = [
  ...clusters,
  provider,
  "transport_socket",
  "typed_config",
  "transport_socket",
  "typed_config",
];

const providers: readonly Mutant[] = [
  changedBootstrap(
    "A11",
    "a rewritten path to a name inside",
    egress,
    socket(provider),
    "llama.inference.svc",
    rewrite,
  ),
  changedBootstrap(
    "A11",
    "a rewritten path to a name of two labels inside",
    egress,
    socket(provider),
    "llama.inference",
    rewrite,
  ),
  changedBootstrap(
    "A11",
    "a rewritten path to an address",
    egress,
    socket(provider),
    "10.244.0.7",
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
    chainPath(0),
  ),
  changedBootstrap(
    "A11",
    "a way to a provider where nobody is asked",
    egress,
    [...manager, "http_filters"],
    [],
    `${chainPath(0)}.filters[0].typed_config`,
  ),
  {
    rule: "A12",
    title: "a way to a provider in a network that encrypts nothing",
    resources: gatewayChanged("Service/gateway-routes", ["metadata", "labels"], {}),
    object: `ConfigMap gateway/${egress}`,
    path: chainPath(0),
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

export const ownListenersAndWays: readonly Mutant[] = [
  ...ownListeners,
  ...providers,
  ...openEgress,
];
