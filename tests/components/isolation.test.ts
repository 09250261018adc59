import * as k8s from "@pulumi/kubernetes";
import test from "ava";
import { Isolation, type IsolationArgs } from "../../components/isolation/isolation.ts";
import type { Edge } from "../../components/isolation/network-policies.ts";
import { admissionSet } from "../../policies/admission/admission-set.ts";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { ValueObject } from "../../policies/model/value.ts";
import { noOpaqueSources } from "../../policies/rules/cross-cutting/no-opaque-sources.ts";
import { adminTierGuard } from "../../policies/rules/network/admin-tier-guard.ts";
import { runRule } from "../../policies/runner.ts";
import { kube, settings } from "../policies/good-graph.ts";
import { ofType, one } from "./eks-fixture.ts";
import { allowances } from "./lib/allowances.ts";
import { type Deployment, deploy } from "./lib/deploy.ts";
import { at, text } from "./lib/look.ts";
import { before, deployStack, identity } from "./lib/platform-stack.ts";

const closed = { podSecurity: "restricted", denyByDefault: true } as const;
const open = { podSecurity: "privileged", denyByDefault: false } as const;

const edge: Edge = {
  name: "gateway-to-llama",
  from: { namespace: "gateway", labels: { "app.kubernetes.io/name": "envoy" } },
  to: { namespace: "inference", labels: { "app.kubernetes.io/name": "vllm" } },
  ports: [8000],
};

const args: IsolationArgs = {
  namespaces: [
    { name: "inference", ...closed },
    { name: "gateway", ...closed },
    { name: "gpu-operator", ...open },
  ],
  edges: [edge],
  admission: [],
};

function program(change: Partial<IsolationArgs> = {}) {
  return () => {
    const provider = new k8s.Provider("site", {});
    const isolation = new Isolation("walls", { ...args, ...change }, { provider });
    return {
      namespaces: [...isolation.namespaces.keys()],
      guards: isolation.guards.length,
    };
  };
}

/** `namespace/name` of every network policy, sorted by resource name. */
function policies(deployment: Deployment): string[] {
  return ofType(deployment, "NetworkPolicy").map(
    ({ inputs }) => `${text(inputs, "metadata", "namespace")}/${text(inputs, "metadata", "name")}`,
  );
}

test("a closed namespace denies both ways, for every pod it will ever hold", async (t) => {
  const deployment = await deploy(program({ edges: [] }));
  t.deepEqual(policies(deployment), ["gateway/default-deny", "inference/default-deny"]);
  for (const { inputs } of ofType(deployment, "NetworkPolicy")) {
    t.deepEqual(inputs["spec"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  }
});

test("namespaces are made under the component and through its provider", async (t) => {
  for (const { parent, provider } of ofType(await deploy(program()), "Namespace")) {
    t.is(parent, "llm:isolation:Isolation::walls");
    t.is(provider, "pulumi:providers:kubernetes::site");
  }
});

test("a namespace admits privileged pods only where that was asked for", async (t) => {
  const levels = ofType(await deploy(program()), "Namespace").map(({ inputs }) => [
    at(inputs, "metadata", "name"),
    ...["enforce", "audit", "warn"].map((mode) =>
      at(inputs, "metadata", "labels", `pod-security.kubernetes.io/${mode}`),
    ),
  ]);
  t.deepEqual(levels, [
    ["gateway", "restricted", "restricted", "restricted"],
    ["gpu-operator", "privileged", "privileged", "privileged"],
    ["inference", "restricted", "restricted", "restricted"],
  ]);
});

test("policies wait for their namespace", async (t) => {
  for (const { inputs, dependencies } of ofType(await deploy(program()), "NetworkPolicy")) {
    const namespace = text(inputs, "metadata", "namespace");
    t.deepEqual(dependencies, [`kubernetes:core/v1:Namespace::walls-${namespace}`]);
  }
});

test("an edge between closed namespaces is two policies that name each other and one port", async (t) => {
  const deployment = await deploy(program());
  t.is(ofType(deployment, "NetworkPolicy").length, 4);
  t.deepEqual(one(deployment, "NetworkPolicy", "walls-gateway-to-llama-in").inputs, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "gateway-to-llama-in", namespace: "inference" },
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/name": "vllm" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } },
              podSelector: { matchLabels: { "app.kubernetes.io/name": "envoy" } },
            },
          ],
          ports: [{ protocol: "TCP", port: 8000 }],
        },
      ],
    },
  });
  t.deepEqual(one(deployment, "NetworkPolicy", "walls-gateway-to-llama-out").inputs, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "gateway-to-llama-out", namespace: "gateway" },
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/name": "envoy" } },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "inference" } },
              podSelector: { matchLabels: { "app.kubernetes.io/name": "vllm" } },
            },
          ],
          ports: [{ protocol: "TCP", port: 8000 }],
        },
      ],
    },
  });
});

test("an edge without labels on its source is open to every pod of that one namespace", async (t) => {
  const unlabelled = { ...edge, from: { namespace: "gateway" } };
  t.deepEqual(allowances(await deploy(program({ edges: [unlabelled] }))), [
    "inference name=vllm <- gateway * TCP/8000",
    "gateway * -> inference name=vllm TCP/8000",
  ]);
});

for (const [from, what] of [
  ["gpu-operator", "is open anyway"],
  ["elsewhere", "belongs to someone else"],
] as const) {
  test(`an edge from a namespace that ${what} needs the receiving half alone`, async (t) => {
    const deployment = await deploy(program({ edges: [{ ...edge, from: { namespace: from } }] }));
    t.deepEqual(policies(deployment), [
      "gateway/default-deny",
      "inference/gateway-to-llama-in",
      "inference/default-deny",
    ]);
  });
}

test("the guards are all namespaces and all policies", async (t) => {
  const { resources, outputs } = await deploy(program());
  const leaves = resources.filter(({ type }) => /:(Namespace|NetworkPolicy)$/.test(type));
  t.is(leaves.length, 7);
  t.is(outputs["guards"], 7);
  t.deepEqual(outputs["namespaces"], ["inference", "gateway", "gpu-operator"]);
});

test("a first preview builds the same walls", async (t) => {
  t.deepEqual(await deploy(program(), { preview: true }), await deploy(program()));
});

test("the admin tier denies what no owner of the namespace can allow again, and E16 accepts it", async (t) => {
  const namespaces = [{ name: "inference", ...closed, adminGuard: true }];
  const deployment = await deploy(program({ namespaces, edges: [] }));
  const [guard] = ofType(deployment, "ClusterNetworkPolicy");
  t.deepEqual(guard?.dependencies, ["kubernetes:core/v1:Namespace::walls-inference"]);
  const body: ValueObject = JSON.parse(JSON.stringify(guard?.inputs));
  const type = "policy.networking.k8s.io/v1alpha2:ClusterNetworkPolicy";
  const resources = [
    kube("core/v1:Namespace", "inference", undefined, {}),
    kube(type, "private-llm-inference", undefined, body),
  ];
  const network = settings.network && { ...settings.network, cni: "calico" as const };
  const found = (kept: readonly Resource[]) =>
    runRule(adminTierGuard, graphOf(kept), { ...settings, network }).findings;
  t.deepEqual(found(resources), []);
  t.is(found(resources.slice(0, 1)).length, 1);
  t.deepEqual(runRule(noOpaqueSources, graphOf(resources), settings).findings, []);
});

test("edges come after admission, and admission after every default deny", async (t) => {
  const admission = admissionSet(settings);
  const deployment = await deploy(program({ admission }));
  const all = deployment.resources;
  const last = all
    .filter(({ type }) => type.endsWith("PolicyBinding"))
    .find(({ name }) => name.endsWith("-witness"));
  const first = all.find(
    ({ name, type }) => type.endsWith(":NetworkPolicy") && name.endsWith("-in"),
  );
  if (last === undefined || first === undefined) throw new Error("nothing to compare");
  t.true(before(deployment, first).has(identity(last)));
  const earlier = before(deployment, last);
  const expected = all.filter(
    ({ type, name }) =>
      /Policy(Binding)?$/.test(type) &&
      (type.includes("admission") || name.endsWith("default-deny")),
  );
  t.is(expected.length, admission.length * 2 + 2);
  t.deepEqual(
    expected.map(identity).filter((each) => each !== identity(last) && !earlier.has(each)),
    [],
  );
});

test("the dev stack allows named proxies and metrics into inference, and nothing else", async (t) => {
  const all = allowances(await deployStack("dev"));
  t.deepEqual(
    all.filter((line) => line.startsWith("inference ")),
    [
      "inference instance=llama-3-70b,name=vllm <- gateway instance=gateway-closed,name=gateway TCP/8000",
      "inference instance=llama-3-70b,name=vllm <- gateway instance=gateway,name=gateway TCP/8000",
      "inference instance=llama-3-70b,name=vllm <- monitoring * TCP/8000",
    ],
  );
});

for (const stack of ["dev", "prod"]) {
  test(`no pod of inference of ${stack} may open a connection`, async (t) => {
    t.deepEqual(
      allowances(await deployStack(stack)).filter((line) => /^inference .* -> /.test(line)),
      [],
    );
  });

  test(`everything that ${stack} puts into a namespace comes after all walls`, async (t) => {
    const deployment = await deployStack(stack);
    const walls = deployment.resources
      .filter(({ type }) =>
        /:(Namespace|NetworkPolicy|ValidatingAdmissionPolicy(Binding)?)$/.test(type),
      )
      .map(identity);
    const behind = deployment.resources.filter(
      ({ type, inputs }) =>
        type.startsWith("kubernetes:") &&
        !walls.some((wall) => wall.startsWith(`${type}::`)) &&
        (at(inputs, "metadata", "namespace") ?? inputs["namespace"]) !== undefined,
    );
    t.true(walls.length >= 4);
    t.true(behind.length >= 8);
    for (const resource of behind) {
      const first = before(deployment, resource);
      t.deepEqual(
        walls.filter((wall) => !first.has(wall)),
        [],
        identity(resource),
      );
    }
  });
}

test("prod opens to the host only the namespaces of drivers and node metrics", async (t) => {
  const privileged = ofType(await deployStack("prod"), "Namespace")
    .filter(
      ({ inputs }) =>
        at(inputs, "metadata", "labels", "pod-security.kubernetes.io/enforce") === "privileged",
    )
    .map(({ inputs }) => at(inputs, "metadata", "name"));
  t.deepEqual(privileged, ["gpu-operator", "monitoring"]);
});
