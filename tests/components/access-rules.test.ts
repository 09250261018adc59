import test from "ava";
import { type Purpose, type RoleName, type Rule, rulesOf } from "../../components/access/roles.ts";

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
const traffic = "core/configmaps[gateway-desired,gateway-status] get";

const expected: readonly (readonly [RoleName, Purpose, readonly string[]])[] = [
  ["viewer", "inference", viewerLines],
  ["viewer", "gateway", [...viewerLines, traffic]],
  ["viewer", "monitoring", [...viewerLines, ...logs]],
  [
    "operator",
    "inference",
    [...viewerLines, "apps/deployments/scale get,patch", "core/pods delete"],
  ],
  [
    "operator",
    "gateway",
    [
      ...viewerLines,
      traffic,
      "core/pods delete",
      "core/configmaps get,list,watch,create",
      "core/configmaps[gateway-override] update,patch",
    ],
  ],
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

  test(`no rule of ${role} changes walls, grants or admission`, (t) => {
    const guarded = [
      "admissionregistration.k8s.io",
      "networking.k8s.io",
      "policy.networking.k8s.io",
      "rbac.authorization.k8s.io",
    ];
    const changes = grants(role).filter(
      ([group, , verb]) => guarded.includes(group) && !["get", "list", "watch"].includes(verb),
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

  test(`no rule of ${role} reads logs or configuration where prompts or engine keys could be`, (t) => {
    const open = rulesOf(role, "inference").filter(
      ({ resources }) => resources.includes("pods/log") || resources.includes("configmaps"),
    );
    t.deepEqual(open, []);
    const ofGateway = rulesOf(role, "gateway").filter(({ resources }) =>
      resources.includes("pods/log"),
    );
    t.deepEqual(ofGateway, []);
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

test("an operator changes no configuration but the override, and makes nothing but ConfigMaps", (t) => {
  const rules = rulesOf("operator", "gateway");
  const changing = rules.filter(({ verbs }) => verbs.includes("patch") || verbs.includes("update"));
  t.true(changing.every(({ resourceNames }) => resourceNames !== undefined));
  const made = rules.filter(({ verbs }) => verbs.includes("create"));
  t.deepEqual(
    made.flatMap(({ resources }) => resources),
    ["configmaps"],
  );
});

test("a viewer only reads", (t) => {
  t.deepEqual(
    grants("viewer").filter(([, , verb]) => !["get", "list", "watch"].includes(verb)),
    [],
  );
});
