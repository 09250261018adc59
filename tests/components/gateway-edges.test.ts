import test from "ava";
import { controllerAddress } from "../../components/gateway/controller-address.ts";
import { type GatewayPlaces, gatewayEdges } from "../../components/gateway/edges.ts";
import type { Peers, Ranges } from "../../components/isolation/network-policies.ts";
import type { GatewayConfig } from "../../components/lib/stack/gateway.ts";
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

test("the controller's address is the 32nd of the Services unless the stack chooses one", (t) => {
  t.is(controllerAddress({}, "10.96.0.0/16"), "10.96.0.32");
  t.is(controllerAddress({}, "fd00:96::/112"), "fd00:96::20");
  t.is(controllerAddress({ controllerAddress: "10.96.7.7" }, "10.96.0.0/16"), "10.96.7.7");
});
