import { placeIn } from "../gateway-graph.ts";
import { bootstrap, bootstrapPath, changedBootstrap } from "./gateway-mutant.ts";
import type { Mutant } from "./mutant.ts";

/** What A11 and A12 see of listeners that are not for clients. */

const open = "gateway-envoy";
const listeners = ["static_resources", "listeners"] as const;
const metrics = placeIn(open, bootstrap, listeners, ({ name }) => name === "metrics");
const health = placeIn(open, bootstrap, listeners, ({ name }) => name === "health");

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

const reachable: readonly Mutant[] = [
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

const inner = placeIn(
  open,
  bootstrap,
  listeners,
  ({ internal_listener: mark }) => mark !== undefined,
);
const innerManager = `${chainPath(inner)}.filters[0].typed_config`;

const innerListeners: readonly Mutant[] = (["A11", "A12"] as const).flatMap((rule) => {
  const reported = rule === "A11" ? innerManager : chainPath(inner);
  const address = { socket_address: { address: "0.0.0.0", port_value: 9904 } };
  return [
    changedBootstrap(
      rule,
      `a listener of the proxy itself with an address (${rule})`,
      open,
      [...listeners, inner, "address"],
      address,
      reported,
    ),
    changedBootstrap(
      rule,
      `a listener of the proxy itself with a second address (${rule})`,
      open,
      [...listeners, inner, "additional_addresses"],
      [{ address }],
      reported,
    ),
    changedBootstrap(
      rule,
      `a listener without an address that is none of the proxy's own (${rule})`,
      open,
      [...listeners, inner, "internal_listener"],
      undefined,
      reported,
    ),
  ];
});

const innerPaths: readonly Mutant[] = [
  changedBootstrap(
    "A11",
    "a listener of the proxy itself that rewrites",
    open,
    [...firstRoute(inner), "route", "prefix_rewrite"],
    "/invocations",
    `${firstRoutePath(inner)}.route.prefix_rewrite`,
  ),
  changedBootstrap(
    "A11",
    "every path on a listener that had been the proxy's own",
    open,
    [...listeners, inner, "address"],
    { socket_address: { address: "0.0.0.0", port_value: 9904 } },
    `${firstRoutePath(inner)}.match`,
  ),
];

export const ownListeners: readonly Mutant[] = [...reachable, ...innerListeners, ...innerPaths];
