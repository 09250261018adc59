import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import { kube, replaceAt } from "../good-graph.ts";
import { envoyMutant, goodEnvoy, managerPath, managerSteps, textMutant } from "./envoy-document.ts";
import { added, type Mutant } from "./mutant.ts";

const route = [...managerSteps, "route_config", "virtual_hosts", 0, "routes", 0];
const routePath = `${managerPath}.route_config.virtual_hosts[0].routes[0]`;

function httpRoute(spec: ValueObject) {
  return kube("gateway.networking.k8s.io/v1:HTTPRoute", "llama", "gateway", {
    spec: {
      parentRefs: [{ name: "gateway" }],
      rules: [{ backendRefs: [{ name: "llama", namespace: "inference", port: 8000 }], ...spec }],
    },
  });
}

export const endpoints: readonly Mutant[] = [
  envoyMutant("A11", "every path", [...route, "match"], { prefix: "/" }, `${routePath}.match`),
  envoyMutant(
    "A11",
    "a prefix of the paths",
    [...route, "match"],
    { prefix: "/v1/" },
    `${routePath}.match`,
  ),
  envoyMutant(
    "A11",
    "a path without a key",
    [...route, "match"],
    { path: "/invocations" },
    `${routePath}.match.path`,
  ),
  envoyMutant(
    "A11",
    "a path that is rewritten",
    [...route, "route", "prefix_rewrite"],
    "/invocations",
    `${routePath}.route.prefix_rewrite`,
  ),
  envoyMutant(
    "A11",
    "a path that is rewritten, in the other spelling",
    [...route, "route", "regexRewrite"],
    { substitution: "/pooling" },
    `${routePath}.route.regexRewrite`,
  ),
  envoyMutant("A11", "nobody asked", [...managerSteps, "http_filters"], [], managerPath),
  envoyMutant(
    "A11",
    "everybody let in",
    [...managerSteps, "http_filters", 0, "typed_config", "rules", 0, "requires"],
    { allow_missing: {} },
    `${managerPath}.http_filters[0].typed_config.rules[0].requires.allow_missing`,
  ),
  envoyMutant(
    "A11",
    "nobody asked on one route",
    [...route, "typed_per_filter_config"],
    { "envoy.filters.http.jwt_authn": { disabled: true } },
    `${routePath}.typed_per_filter_config["envoy.filters.http.jwt_authn"]`,
  ),
  envoyMutant(
    "A11",
    "nobody asked on one host",
    [...managerSteps, "route_config", "virtual_hosts", 0, "typed_per_filter_config"],
    { jwt: { "@type": "type.googleapis.com/x.JwtAuthentication", disabled: true } },
    `${managerPath}.route_config.virtual_hosts[0].typed_per_filter_config.jwt`,
  ),
  envoyMutant(
    "A11",
    "keys in the configuration",
    [...managerSteps, "http_filters", 0],
    {
      name: "envoy.filters.http.api_key_auth",
      typed_config: { credentials: [{ key: "abcdefgh", client: "a" }] },
    },
    `${managerPath}.http_filters[0].typed_config.credentials[0].key`,
  ),
  envoyMutant(
    "A11",
    "a filter that only has the name of one that asks",
    [...managerSteps, "http_filters", 0, "typed_config", "@type"],
    "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer",
    managerPath,
  ),
  envoyMutant(
    "A11",
    "tokens on some paths alone",
    [...managerSteps, "http_filters", 0, "typed_config", "rules", 0, "match"],
    { prefix: "/v1/chat" },
    `${managerPath}.http_filters[0].typed_config.rules`,
  ),
  envoyMutant(
    "A11",
    "authentication that a percentage turns off",
    [...managerSteps, "http_filters", 0],
    {
      name: "envoy.filters.http.ext_authz",
      typed_config: { filter_enabled: { default_value: { numerator: 0 } } },
    },
    `${managerPath}.http_filters[0].typed_config.filter_enabled`,
  ),
  envoyMutant(
    "A11",
    "a tree of matchers",
    [...managerSteps, "route_config", "virtual_hosts", 0, "matcher"],
    { on_no_match: {} },
    `${managerPath}.route_config.virtual_hosts[0].matcher`,
  ),
  envoyMutant(
    "A11",
    "routes from a server",
    ["dynamic_resources"],
    { lds_config: { ads: {} } },
    'data["envoy.yaml"].dynamic_resources.lds_config.ads',
  ),
  envoyMutant(
    "A11",
    "bytes that are passed on",
    ["static_resources", "listeners", 0, "filter_chains", 0, "filters", 1],
    { name: "envoy.filters.network.tcp_proxy", typed_config: { cluster: "llama" } },
    'data["envoy.yaml"].static_resources.listeners[0].filter_chains[0].filters[1]',
  ),
  textMutant(
    "A11",
    "a proxy whose routes nobody reads",
    "nginx.conf",
    "location / { proxy_pass http://llama; }",
  ),
  added(
    "A11",
    "a route with a prefix",
    httpRoute({ matches: [{ path: { type: "PathPrefix", value: "/v1/models" } }] }),
    "HTTPRoute gateway/llama",
    "spec.rules[0].matches[0].path",
  ),
  added("A11", "a route of every path", httpRoute({}), "HTTPRoute gateway/llama", "spec.rules[0]"),
  added(
    "A11",
    "a route that nobody guards",
    httpRoute({ matches: [{ path: { type: "Exact", value: "/v1/models" } }] }),
    "HTTPRoute gateway/llama",
    "spec.parentRefs",
  ),
  added(
    "A11",
    "a route that rewrites",
    httpRoute({
      matches: [{ path: { type: "Exact", value: "/v1/models" } }],
      filters: [{ type: "URLRewrite", urlRewrite: {} }],
    }),
    "HTTPRoute gateway/llama",
    "spec.rules[0].filters[0]",
  ),
  added(
    "A11",
    "a route to a pool of engines",
    kube("gateway.networking.k8s.io/v1:HTTPRoute", "pool", "gateway", {
      spec: { rules: [{ backendRefs: [{ kind: "InferencePool", name: "llama" }] }] },
    }),
    "HTTPRoute gateway/pool",
    "spec.rules[0]",
  ),
  added(
    "A11",
    "a route to an unknown namespace",
    kube("gateway.networking.k8s.io/v1:HTTPRoute", "pool", "gateway", {
      spec: { rules: [{ backendRefs: [{ name: "llama", namespace: unknown }] }] },
    }),
    "HTTPRoute gateway/pool",
    "spec.rules[0]",
  ),
  {
    ...added(
      "A11",
      "a guard that lets pass when it is down",
      httpRoute({ matches: [{ path: { type: "Exact", value: "/v1/models" } }] }),
      "HTTPRoute gateway/llama",
      "spec.parentRefs",
    ),
    resources: [
      httpRoute({ matches: [{ path: { type: "Exact", value: "/v1/models" } }] }),
      kube("gateway.envoyproxy.io/v1alpha1:SecurityPolicy", "s", "gateway", {
        spec: { targetRef: { kind: "Gateway", name: "gateway" }, extAuth: { failOpen: true } },
      }),
    ],
  },
  added(
    "A11",
    "a patch of the proxy",
    kube("gateway.envoyproxy.io/v1alpha1:EnvoyPatchPolicy", "p", "gateway", { spec: {} }),
    "EnvoyPatchPolicy gateway/p",
    "kind",
  ),
  added(
    "A11",
    "a route by TCP",
    kube("gateway.networking.k8s.io/v1alpha2:TCPRoute", "llama", "inference", {
      spec: { rules: [{ backendRefs: [{ name: "llama", port: 8000 }] }] },
    }),
    "TCPRoute inference/llama",
    "spec.rules[0]",
  ),
  added(
    "A11",
    "an Ingress of every path",
    kube("networking.k8s.io/v1:Ingress", "llama", "inference", {
      spec: { rules: [{ http: { paths: [{ path: "/v1", pathType: "Prefix" }] } }] },
    }),
    "Ingress inference/llama",
    "spec.rules[0].http.paths[0]",
  ),
  added(
    "A11",
    "an Ingress for the rest",
    kube("networking.k8s.io/v1:Ingress", "llama", "inference", {
      spec: { defaultBackend: { service: { name: "llama" } } },
    }),
    "Ingress inference/llama",
    "spec.defaultBackend",
  ),
  added(
    "A11",
    "a proxy's configuration in a Secret that opens every path",
    kube("core/v1:Secret", "proxy", "gateway", {
      stringData: {
        "x.json": JSON.stringify(replaceAt(goodEnvoy, [...route, "match"], { prefix: "/" })),
      },
    }),
    "Secret gateway/proxy",
    `${routePath.replace('data["envoy.yaml"]', 'stringData["x.json"]')}.match`,
  ),
];
