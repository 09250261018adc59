import test from "ava";
import { gatewayEdges } from "../../components/gateway/edges.ts";
import { halves } from "../../components/isolation/network-policies.ts";
import { applyExceptions } from "../../policies/exceptions/apply.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { evaluate } from "../../policies/runner.ts";
import { gatewayConfig, goodGateway } from "./gateway-graph.ts";
import { kube, settings } from "./good-graph.ts";

/** The gateway whose provider is reached over the internet, as the program would make it. */
const providers = gatewayConfig.providers.map((one) => ({
  ...one,
  reach: { kind: "internet" as const },
}));
const edges = gatewayEdges(
  { ...gatewayConfig, providers },
  {
    namespace: "gateway",
    engine: () => ({ namespace: "inference", labels: { app: "llama" } }),
    enginePort: 8000,
    prometheus: { namespace: "monitoring" },
    apiServer: { cidrs: ["10.10.0.0/16", "10.96.0.0/16"], ports: [443, 6443] },
  },
).flatMap(halves);
const policies = edges.map(({ policy }) => {
  const body = JSON.parse(JSON.stringify(policy));
  return kube(
    "networking.k8s.io/v1:NetworkPolicy",
    body.metadata.name,
    body.metadata.namespace,
    body,
  );
});
const names = new Set(policies.map(({ name }) => name));
const graph = [...goodGateway.filter(({ name }) => !names.has(name)), ...policies];

const object = "NetworkPolicy gateway/provider-openai-of-gateway-egress-out";
const exception = {
  policy: "E05",
  object,
  reason: "addresses of the provider change, and the site has no proxy",
  owner: "network team",
  expires: "2026-12-31",
};

test("a provider over the internet violates E05, and nothing else", (t) => {
  const { findings } = evaluate(graphOf(graph), settings);
  t.deepEqual(
    findings.map(({ policy, object: at, path }) => `${policy} ${at}: ${path}`),
    [`E05 ${object}: spec.egress[0].to[0].ipBlock.cidr`],
  );
});

test("a dated exception of the stack accepts it until its last day", (t) => {
  const { findings } = evaluate(graphOf(graph), settings);
  const applied = applyExceptions(findings, [exception], "2026-12-31");
  t.deepEqual(applied.findings, []);
  t.is(applied.excepted.length, 1);
  t.is(applyExceptions(findings, [exception], "2027-01-01").findings.length, 1);
});
