import test from "ava";
import { type GatewayPlaces, gatewayEdges } from "../../components/gateway/edges.ts";
import {
  controllerAddress,
  counterAddress,
  limitsAddress,
} from "../../components/gateway/service-addresses.ts";
import type { Peers, Ranges } from "../../components/isolation/network-policies.ts";
import type { GatewayConfig } from "../../components/lib/stack/gateway.ts";
import { limitsSchema } from "../../components/lib/stack/limits.ts";
import { config, only } from "./gateway-fixture.ts";

const places: GatewayPlaces = {
  namespace: "gateway",
  engine: (model) => ({ namespace: "inference", labels: { model } }),
  enginePort: 8000,
  prometheus: { namespace: "monitoring" },
  apiServer: { cidrs: ["10.10.0.0/16", "10.96.0.0/16"], ports: [443, 6443] },
};

/** Every edge in a line. */
function lines(of: GatewayConfig): string[] {
  return gatewayEdges(of, places).map(
    ({ from, to, ports, protocols = ["TCP"] }) =>
      `${shown(from)} -> ${shown(to)} ${protocols.join("+")} ${ports.join(",")}`,
  );
}

function shown(side: Peers | Ranges): string {
  if ("cidrs" in side) return side.cidrs.join(" or ");
  const labels = side.labels ?? {};
  const one = labels["app.kubernetes.io/instance"] ?? labels["model"] ?? labels["k8s-app"] ?? "*";
  return side.namespace === "gateway" ? one : `${side.namespace}/${one}`;
}

const outward = (line: string) => !/ -> (?:gateway|inference|kube-system)/.test(line);

test("each proxy reaches its engines, the controller and what is its own, and nothing else", (t) => {
  t.deepEqual(lines(config), [
    "apps/* -> gateway TCP 8443",
    "10.30.4.0/24 -> gateway TCP 8443",
    "apps/* -> gateway-closed TCP 8443",
    "10.30.4.0/24 -> gateway-closed TCP 8443",
    "gateway -> inference/llama TCP 8000",
    "gateway-closed -> inference/llama TCP 8000",
    "gateway -> gateway-routes TCP 8080",
    "gateway-closed -> gateway-routes TCP 8080",
    "gateway-routes -> 10.10.0.0/16 or 10.96.0.0/16 TCP 443,6443",
    "gateway -> gateway-egress TCP 20527",
    "gateway-egress -> 10.30.0.10/32 TCP 3128",
    "monitoring/* -> gateway TCP 9902",
    "monitoring/* -> gateway-closed TCP 9902",
    "monitoring/* -> gateway-egress TCP 9902",
    "monitoring/* -> gateway-routes TCP 8081",
  ]);
});

const limits = limitsSchema.parse({ externalMonthlyUsd: 2500 });

test("limits add the way of each proxy to the service, of it to the counter, and its metrics", (t) => {
  const before = new Set(lines(config));
  t.deepEqual(
    lines({ ...config, limits }).filter((line) => !before.has(line)),
    [
      "gateway -> gateway-limits TCP 8082",
      "gateway-closed -> gateway-limits TCP 8082",
      "gateway-egress -> gateway-limits TCP 8082",
      "gateway-limits -> gateway-counter TCP 6379",
      "monitoring/* -> gateway-limits TCP 9904",
    ],
  );
});

test("without a class that may leave nothing has a way out but the controller to the API server", (t) => {
  t.deepEqual(lines(only("restricted")).filter(outward), [
    "gateway-routes -> 10.10.0.0/16 or 10.96.0.0/16 TCP 443,6443",
  ]);
});

test("a provider by the internet opens its port to the egress gateway alone, with names for it", (t) => {
  const providers = config.providers.map((one) => ({
    ...one,
    reach: { kind: "internet" as const },
  }));
  const all = lines({ ...config, providers });
  t.deepEqual(
    all.filter((line) => line.includes("0.0.0.0/0")),
    ["gateway-egress -> 0.0.0.0/0 TCP 443"],
  );
  t.deepEqual(
    all.filter((line) => line.includes("kube-dns")),
    ["gateway-egress -> kube-system/kube-dns UDP+TCP 53"],
  );
});

test("a provider that no class names gets no way out", (t) => {
  const [first] = config.providers;
  const spare = { ...first, name: "spare", reach: { kind: "internet" as const } };
  const providers = first === undefined ? [] : [first, { ...first, ...spare }];
  t.deepEqual(lines({ ...config, providers }), lines(config));
});

test("no two edges share a name, whatever models are called", (t) => {
  const [open] = only("public").taskClasses;
  const names = ["egress", "closed-to-a", "routes", "a"];
  const taskClasses = names.flatMap((model) =>
    open === undefined
      ? []
      : [{ ...open, name: model, backends: [{ kind: "local" as const, name: "own", model }] }],
  );
  const all = gatewayEdges({ ...config, taskClasses: [...taskClasses] }, places).map(
    ({ name }) => name,
  );
  t.is(new Set(all).size, all.length);
});

test("those that are asked by address have the 32nd to 34th of the Services unless the stack chooses", (t) => {
  const all = (stack: Pick<GatewayConfig, "controllerAddress" | "limits">, cidr: string) =>
    [controllerAddress, limitsAddress, counterAddress].map((addressOf) => addressOf(stack, cidr));
  t.deepEqual(all({}, "10.96.0.0/16"), ["10.96.0.32", "10.96.0.33", "10.96.0.34"]);
  t.deepEqual(all({}, "fd00:96::/112"), ["fd00:96::20", "fd00:96::21", "fd00:96::22"]);
  const chosen = limitsSchema.parse({ serviceAddress: "10.96.7.8", counterAddress: "10.96.7.9" });
  t.deepEqual(all({ controllerAddress: "10.96.7.7", limits: chosen }, "10.96.0.0/16"), [
    "10.96.7.7",
    "10.96.7.8",
    "10.96.7.9",
  ]);
});
