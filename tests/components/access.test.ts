import * as k8s from "@pulumi/kubernetes";
import test from "ava";
import * as fc from "fast-check";
import { z } from "zod";
import { Access, type AccessArgs } from "../../components/access/access.ts";
import { type Purpose, type RoleName, type Rule, rulesOf } from "../../components/access/roles.ts";
import { accessSchema } from "../../infra/config/access.ts";
import { ofType, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at } from "./lib/look.ts";

const purposes: readonly Purpose[] = ["inference", "gateway", "monitoring"];
const roles: readonly RoleName[] = ["viewer", "operator", "break-glass"];

/** One line for each group and resource: `apps/deployments[name] get,list`. */
function lines(rules: readonly Rule[]): string[] {
  return rules
    .flatMap(({ apiGroups, resources, verbs, resourceNames = [] }) =>
      apiGroups.flatMap((group) =>
        resources.map((resource) => {
          const names = resourceNames.length > 0 ? `[${resourceNames.join(",")}]` : "";
          return `${group === "" ? "core" : group}/${resource}${names} ${verbs.join(",")}`;
        }),
      ),
    )
    .toSorted();
}

const viewerLines = [
  "apps/daemonsets get,list,watch",
  "apps/deployments get,list,watch",
  "apps/replicasets get,list,watch",
  "apps/statefulsets get,list,watch",
  "batch/cronjobs get,list,watch",
  "batch/jobs get,list,watch",
  "core/events get,list,watch",
  "core/persistentvolumeclaims get,list,watch",
  "core/pods get,list,watch",
  "core/serviceaccounts get,list,watch",
  "core/services get,list,watch",
  "discovery.k8s.io/endpointslices get,list,watch",
  "monitoring.coreos.com/podmonitors get,list,watch",
  "monitoring.coreos.com/prometheusrules get,list,watch",
  "monitoring.coreos.com/servicemonitors get,list,watch",
  "networking.k8s.io/networkpolicies get,list,watch",
  "policy/poddisruptionbudgets get,list,watch",
  "rbac.authorization.k8s.io/rolebindings get,list,watch",
  "rbac.authorization.k8s.io/roles get,list,watch",
];

const logs = ["core/pods/log get"];

const expected: readonly (readonly [RoleName, Purpose, readonly string[]])[] = [
  ["viewer", "inference", viewerLines],
  ["viewer", "gateway", viewerLines],
  ["viewer", "monitoring", [...viewerLines, ...logs]],
  [
    "operator",
    "inference",
    [...viewerLines, "apps/deployments/scale get,patch", "core/pods delete"],
  ],
  ["operator", "gateway", [...viewerLines, "core/configmaps[traffic-override] get,update,patch"]],
  ["operator", "monitoring", [...viewerLines, ...logs]],
];

for (const [role, purpose, wanted] of expected) {
  test(`${role} in ${purpose} may do exactly this`, (t) => {
    t.deepEqual(lines(rulesOf(role, purpose)), [...wanted].toSorted());
  });
}

test("break-glass may do exactly this, in every namespace alike", (t) => {
  const all = "get,list,watch,create,update,patch,delete";
  const see = "get,list,watch";
  const wanted = [
    `apps/daemonsets ${all}`,
    `apps/deployments ${all}`,
    "apps/deployments/scale get,update,patch",
    `apps/replicasets ${all}`,
    `apps/statefulsets ${all}`,
    "apps/statefulsets/scale get,update,patch",
    `batch/cronjobs ${all}`,
    `batch/jobs ${all}`,
    `core/configmaps ${all}`,
    `core/events ${see}`,
    `core/persistentvolumeclaims ${all}`,
    `core/pods ${all}`,
    "core/pods/attach get,create",
    "core/pods/ephemeralcontainers update,patch",
    "core/pods/eviction create",
    "core/pods/exec get,create",
    "core/pods/log get",
    "core/pods/portforward get,create",
    `core/secrets ${all}`,
    `core/serviceaccounts ${see}`,
    `core/services ${all}`,
    `discovery.k8s.io/endpointslices ${see}`,
    `monitoring.coreos.com/podmonitors ${all}`,
    `monitoring.coreos.com/prometheusrules ${all}`,
    `monitoring.coreos.com/servicemonitors ${all}`,
    `networking.k8s.io/networkpolicies ${see}`,
    `policy/poddisruptionbudgets ${all}`,
    `rbac.authorization.k8s.io/rolebindings ${see}`,
    `rbac.authorization.k8s.io/roles ${see}`,
  ];
  for (const purpose of purposes) t.deepEqual(lines(rulesOf("break-glass", purpose)), wanted);
});

/** What a rule grants, one entry each: group, resource, verb. */
function grants(role: RoleName): (readonly [string, string, string])[] {
  return purposes.flatMap((purpose) =>
    rulesOf(role, purpose).flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => [group, resource, verb] as const)),
      ),
    ),
  );
}

for (const role of roles) {
  test(`no rule of ${role} has a wildcard or hands power on`, (t) => {
    const forbidden = new Set(["escalate", "bind", "impersonate", "deletecollection", "approve"]);
    for (const [group, resource, verb] of grants(role)) {
      t.false(
        [group, resource, verb].some((part) => part.includes("*")),
        resource,
      );
      t.false(forbidden.has(verb), `${verb} ${resource}`);
      t.not(resource, "serviceaccounts/token");
    }
  });

  test(`no rule of ${role} changes walls or grants`, (t) => {
    const changes = grants(role).filter(
      ([group, , verb]) =>
        ["networking.k8s.io", "rbac.authorization.k8s.io"].includes(group) &&
        !["get", "list", "watch"].includes(verb),
    );
    t.deepEqual(changes, []);
  });
}

for (const role of ["viewer", "operator"] as const) {
  test(`no rule of ${role} reaches into a container or to a secret`, (t) => {
    const reach =
      /^(secrets|pods\/(exec|attach|portforward|proxy|ephemeralcontainers)|services\/proxy|nodes.*)$/;
    t.deepEqual(
      grants(role).filter(([, resource]) => reach.test(resource)),
      [],
    );
  });

  test(`no rule of ${role} reads logs or configuration where prompts or keys could be`, (t) => {
    const open = (["inference", "gateway"] as const).flatMap((purpose) =>
      rulesOf(role, purpose).filter(
        ({ resources, resourceNames }) =>
          resources.includes("pods/log") ||
          (resources.includes("configmaps") && resourceNames === undefined),
      ),
    );
    t.deepEqual(open, []);
  });

  test(`no rule of ${role} can change what a workload runs`, (t) => {
    const changes = grants(role).filter(
      ([, resource, verb]) =>
        ["create", "update", "patch"].includes(verb) &&
        !["deployments/scale", "configmaps"].includes(resource),
    );
    t.deepEqual(changes, []);
  });
}

test("a viewer only reads", (t) => {
  t.deepEqual(
    grants("viewer").filter(([, , verb]) => !["get", "list", "watch"].includes(verb)),
    [],
  );
});

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
  t.deepEqual([...used].toSorted(), ["edge", "models"]);
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

function faults(input: unknown): string[] {
  const parsed = accessSchema.safeParse(input);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`);
}

test("without configuration nobody has access", (t) => {
  t.deepEqual(accessSchema.parse({}), { viewers: [], operators: [], breakGlass: [] });
});

test("names of groups are taken as the identity provider reports them", (t) => {
  const groups = {
    viewers: ["oidc:LLM Viewers", "cn=viewers,ou=llm"],
    operators: ["arn:aws:iam::111122223333:role/operators"],
    breakGlass: ["0b0e5a4c-7d2e-4a51-9a1c-000000000000"],
  };
  t.deepEqual(accessSchema.parse(groups), groups);
});

test("groups of Kubernetes itself are refused", (t) => {
  t.deepEqual(faults({ viewers: ["system:authenticated"], breakGlass: ["system:masters"] }), [
    'viewers[0]: "system:authenticated" belongs to Kubernetes itself and cannot be limited to people; name a group of the identity provider',
    'breakGlass[0]: "system:masters" belongs to Kubernetes itself and cannot be limited to people; name a group of the identity provider',
  ]);
  fc.assert(
    fc.property(fc.string(), (rest) => {
      t.not(faults({ operators: [`system:${rest}`] }).length, 0);
    }),
  );
});

test("a group that nobody could be in is refused", (t) => {
  t.deepEqual(faults({ operators: ["", " llm-operators"] }), [
    'operators[0]: "" is empty or has spaces around it; give the name exactly as the identity provider reports it',
    'operators[1]: " llm-operators" is empty or has spaces around it; give the name exactly as the identity provider reports it',
  ]);
});

test("a group named twice is refused", (t) => {
  t.deepEqual(faults({ viewers: ["llm", "other", "llm"] }), [
    'viewers[2]: "llm" is named twice; remove one',
  ]);
});

test("a group of daily work cannot break the glass", (t) => {
  t.deepEqual(faults({ operators: ["llm"], breakGlass: ["urgent", "llm"] }), [
    'breakGlass[1]: "llm" is also a group of daily work; break-glass needs a group of its own',
  ]);
});

test("an unknown role is refused", (t) => {
  t.deepEqual(faults({ admins: ["llm"] }), [': Unrecognized key: "admins"']);
});
