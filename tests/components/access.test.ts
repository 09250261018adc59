import * as k8s from "@pulumi/kubernetes";
import test from "ava";
import { Access, type AccessArgs } from "../../components/access/access.ts";
import { type Purpose, type RoleName, rulesOf } from "../../components/access/roles.ts";
import { ofType, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at } from "./lib/look.ts";

const purposes: readonly Purpose[] = ["inference", "gateway", "monitoring"];
const roles: readonly RoleName[] = ["viewer", "operator", "break-glass"];

const args: AccessArgs = {
  namespaces: { inference: "models", gateway: "edge", monitoring: "metrics" },
  groups: { viewers: ["llm-viewers"], operators: ["llm-a", "llm-b"], breakGlass: ["llm-urgent"] },
};

function program(change: Partial<AccessArgs> = {}) {
  return () => {
    new Access("access", { ...args, ...change }, { provider: new k8s.Provider("site", {}) });
  };
}

test("each owned namespace has one role of each kind, with the rules of its purpose", async (t) => {
  const made = ofType(await deploy(program()), "Role");
  const named = { inference: "models", gateway: "edge", monitoring: "metrics" };
  const found = Object.fromEntries(
    made.map(({ inputs }) => [
      `${String(at(inputs, "metadata", "namespace"))}/${String(at(inputs, "metadata", "name"))}`,
      inputs["rules"],
    ]),
  );
  const wanted = Object.fromEntries(
    purposes.flatMap((purpose) =>
      roles.map((role) => [`${named[purpose]}/private-llm-${role}`, rulesOf(role, purpose)]),
    ),
  );
  t.deepEqual(found, wanted);
  t.is(made.length, 9);
});

test("a namespace of someone else gets no role", async (t) => {
  const namespaces = { inference: "models", gateway: "edge" };
  const { resources } = await deploy(program({ namespaces }));
  const used = new Set(
    resources
      .filter(({ type }) => type.startsWith("kubernetes:rbac"))
      .map(({ inputs }) => at(inputs, "metadata", "namespace")),
  );
  t.deepEqual(used, new Set(["edge", "models"]));
});

test("nothing reaches beyond a namespace", async (t) => {
  const { resources } = await deploy(program());
  t.deepEqual(
    resources.filter(({ type }) => type.includes("Cluster")).map(({ type }) => type),
    [],
  );
});

test("a role is bound to its groups and to nobody else", async (t) => {
  const deployment = await deploy(program());
  t.is(ofType(deployment, "RoleBinding").length, 9);
  const binding = one(deployment, "RoleBinding", "access-models-operator");
  const apiGroup = "rbac.authorization.k8s.io";
  t.deepEqual(binding.inputs, {
    apiVersion: `${apiGroup}/v1`,
    kind: "RoleBinding",
    metadata: {
      name: "private-llm-operator",
      namespace: "models",
      labels: { "app.kubernetes.io/part-of": "private-llm" },
    },
    roleRef: { apiGroup, kind: "Role", name: "private-llm-operator" },
    subjects: [
      { apiGroup, kind: "Group", name: "llm-a" },
      { apiGroup, kind: "Group", name: "llm-b" },
    ],
  });
  t.deepEqual(binding.dependencies, [
    "kubernetes:rbac.authorization.k8s.io/v1:Role::access-models-operator",
  ]);
});

test("break-glass is bound to its own group alone and can be told by its label", async (t) => {
  const deployment = await deploy(program());
  for (const type of ["Role", "RoleBinding"]) {
    for (const { name, inputs } of ofType(deployment, type)) {
      t.is(
        at(inputs, "metadata", "labels", "private-llm/break-glass"),
        name.endsWith("-break-glass") ? "true" : undefined,
        name,
      );
    }
  }
  const bound = ofType(deployment, "RoleBinding").filter(
    ({ inputs }) => at(inputs, "subjects", 0, "name") === "llm-urgent",
  );
  t.deepEqual(
    bound.map(({ inputs }) => [at(inputs, "roleRef", "name"), at(inputs, "subjects", 1)]),
    Array.from({ length: 3 }, () => ["private-llm-break-glass", undefined]),
  );
});

test("a role without groups is bound to nobody", async (t) => {
  const groups = { viewers: ["llm-viewers"], operators: [], breakGlass: [] };
  const deployment = await deploy(program({ groups }));
  t.is(ofType(deployment, "Role").length, 9);
  t.deepEqual(
    ofType(deployment, "RoleBinding").map(({ name }) => name),
    ["access-edge-viewer", "access-metrics-viewer", "access-models-viewer"],
  );
});

test("everything is made under the component and through its provider", async (t) => {
  const { resources } = await deploy(program());
  const made = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  t.is(made.length, 18);
  for (const { parent, provider } of made) {
    t.is(parent, "llm:access:Access::access");
    t.is(provider, "pulumi:providers:kubernetes::site");
  }
});

test("a first preview sees the same roles and bindings", async (t) => {
  t.deepEqual(await deploy(program(), { preview: true }), await deploy(program()));
});
