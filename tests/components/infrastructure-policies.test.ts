import test from "ava";
import { infrastructurePolicies } from "../../components/isolation/infrastructure-policies.ts";
import { ofType } from "./eks-fixture.ts";
import { allowances } from "./lib/allowances.ts";
import { text } from "./lib/look.ts";
import { before, deployStack, identity } from "./lib/platform-stack.ts";

/** The platform of prod on a cluster whose plugin denies by default. */
function strict() {
  return deployStack("prod", (stack) => {
    const { cluster } = stack;
    if (cluster.kind !== "bare-metal") throw new Error("prod is on hosts of its own");
    const network = { ...cluster.network, cni: "vpc-cni-strict" as const };
    return { ...stack, cluster: { ...cluster, network } };
  });
}

const ranges = { nodeCidr: "10.40.0.0/16", serviceCidr: "172.20.0.0/16" };

/** Namespaces of the default denies, and the other policies by name. */
function names(parts: Parameters<typeof infrastructurePolicies>[0]): string[] {
  return infrastructurePolicies(parts).map(
    ({ namespace, policy }) => `${namespace}/${text(policy, "metadata", "name")}`,
  );
}

test("under a plugin that denies by default, a platform allows what its infrastructure needs and nothing else", async (t) => {
  const walls = /^(?:inference|gateway|weights) /;
  const deployment = await strict();
  t.deepEqual(
    allowances(deployment).filter((line) => !walls.test(line)),
    [
      "gpu-operator * -> 10.20.0.0/24 or 10.96.0.0/16 TCP/443",
      "monitoring name=alertmanager <- monitoring name=grafana TCP/9093",
      "monitoring name=grafana -> monitoring name=alertmanager TCP/9093",
      "monitoring name=grafana -> kube-system k8s-app=kube-dns UDP/53,TCP/53",
      "monitoring name=prometheus <- monitoring name=grafana TCP/9090",
      "monitoring name=grafana -> monitoring name=prometheus TCP/9090",
      "monitoring name=prometheus -> inference instance=llama-3-70b,name=vllm TCP/8000",
      "monitoring name in grafana|kube-prometheus-stack-prometheus-operator|kube-state-metrics|prometheus -> 10.20.0.0/24 or 10.96.0.0/16 TCP/443",
      "kube-system k8s-app=kube-dns <- monitoring name=prometheus TCP/9153",
      "monitoring name=prometheus -> kube-system k8s-app=kube-dns TCP/9153",
      "gpu-operator * <- monitoring name=prometheus TCP/8080,TCP/9400",
      "monitoring name=prometheus -> gpu-operator * TCP/8080,TCP/9400",
      "monitoring * <- monitoring name=prometheus TCP/3000,TCP/8080,TCP/9090,TCP/9093",
      "monitoring name=prometheus -> monitoring * TCP/3000,TCP/8080,TCP/9090,TCP/9093",
      "monitoring name=prometheus -> 10.20.0.0/24 TCP/9100,TCP/10249,TCP/10250",
      "monitoring name=prometheus -> gateway instance=gateway-closed,name=gateway TCP/9902",
      "monitoring name=prometheus -> gateway instance=gateway-egress,name=gateway TCP/9902",
      "monitoring name=prometheus -> gateway instance=gateway-limits,name=gateway-limits TCP/9904",
      "monitoring name=prometheus -> gateway instance=gateway,name=gateway TCP/9902",
      "monitoring name=prometheus -> gateway instance=gateway-routes,name=gateway-routes TCP/8081",
    ],
  );
});

test("every namespace with pods denies by default there, kube-system included", async (t) => {
  const denied = ofType(await strict(), "NetworkPolicy")
    .filter(({ inputs }) => text(inputs, "metadata", "name") === "default-deny")
    .map(({ inputs }) => {
      t.deepEqual(inputs["spec"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
      return text(inputs, "metadata", "namespace");
    });
  t.deepEqual(denied.toSorted(), [
    "gateway",
    "gpu-operator",
    "inference",
    "kube-system",
    "monitoring",
    "weights",
  ]);
});

test("no policy of the infrastructure reaches an address outside nodes and Services", async (t) => {
  const others = ofType(await strict(), "NetworkPolicy").filter(
    ({ inputs }) => !["gateway", "weights"].includes(text(inputs, "metadata", "namespace")),
  );
  const blocks = others.flatMap(
    ({ inputs }) => JSON.stringify(inputs).match(/"cidr":"[^"]+"/g) ?? [],
  );
  t.deepEqual([...new Set(blocks)].toSorted(), ['"cidr":"10.20.0.0/24"', '"cidr":"10.96.0.0/16"']);
});

test("the charts wait for every policy of the infrastructure", async (t) => {
  const deployment = await strict();
  const policies = ofType(deployment, "NetworkPolicy").map(identity);
  for (const chart of ofType(deployment, "Chart")) {
    const first = before(deployment, chart);
    t.deepEqual(
      policies.filter((policy) => !first.has(policy)),
      [],
      chart.name,
    );
  }
});

test("a plugin that leaves other namespaces open needs none of it", async (t) => {
  const own = { dev: ["gateway", "inference"], prod: ["gateway", "inference", "weights"] };
  for (const [stack, expected] of Object.entries(own)) {
    const namespaces = ofType(await deployStack(stack), "NetworkPolicy").map(({ inputs }) =>
      text(inputs, "metadata", "namespace"),
    );
    t.deepEqual([...new Set(namespaces)].toSorted(), expected, stack);
  }
});

test("parts that belong to another stack get no policies here", (t) => {
  t.deepEqual(names(ranges), ["kube-system/default-deny"]);
  t.deepEqual(names({ ...ranges, gpuOperator: "gpu" }), [
    "kube-system/default-deny",
    "gpu/gpu-operator-to-api-server-out",
  ]);
  t.false(names({ ...ranges, monitoring: "metrics" }).some((name) => name.includes("gpu")));
});

test("each policy has a name of its own in its namespace", (t) => {
  const all = names({ ...ranges, monitoring: "monitoring", gpuOperator: "gpu-operator" });
  t.is(new Set(all).size, all.length);
});
