import { compareText } from "../../../components/lib/compare-text.ts";
import { roleObjectName } from "../../../components/lib/role-names.ts";
import { tokenSecretType } from "../../data/credentials.ts";
import { harmlessClusterRoles, insideConnections } from "../../data/inside-access.ts";
import { powers } from "../../kubernetes/rbac/powers.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, anyOf, items, list, text } from "../cel.ts";
import type { Scope } from "../scope.ts";
import { requestSubject, resourceRule, type Target, writes } from "../target.ts";

/** Whether the requester is of a break-glass group; CEL. */
export function brokeGlass(settings: Settings): string {
  const groups = [...settings.breakGlassGroups].toSorted(compareText);
  return `request.userInfo.?groups.orValue([]).exists(g, g in ${list(groups)})`;
}

/** Streams into a pod, and relays to its ports. */
export function connections(scope: Scope, settings: Settings): Target {
  return {
    name: "connections",
    namespaces: scope.inference,
    resourceRules: [resourceRule({ group: "", resources: insideConnections }, ["CONNECT"])],
    subject: requestSubject,
    checks: [
      {
        rule: "W06",
        holds: brokeGlass(settings),
        problem: "would be opened from inside, where prompts can be read",
        remedy: "use the API, or act as a group of access.breakGlass of the stack file",
      },
    ],
  };
}

const rbac = "rbac.authorization.k8s.io";

/** Grants in an inference namespace. What a ClusterRole holds cannot be seen from its binding. */
export function grants(scope: Scope, settings: Settings): Target {
  const role = text(roleObjectName("break-glass"));
  const groups = list([...settings.breakGlassGroups].toSorted(compareText));
  const outsiders = `${items("dyn(object)", "subjects")}.all(s, s.kind == "Group" && s.name in ${groups})`;
  return {
    name: "grants",
    namespaces: scope.inference,
    resourceRules: [resourceRule({ group: rbac, resources: ["roles", "rolebindings"] }, writes)],
    checks: [
      {
        rule: "W06",
        holds: `object.kind != "Role" || object.metadata.name == ${role} || ${items("dyn(object)", "rules")}.all(r, !(${reachesInside()}))`,
        problem: "grants a way into pods, to their secrets or to more rights",
        remedy: `leave such rights to the role ${roleObjectName("break-glass")}`,
      },
      {
        rule: "W06",
        holds: `object.kind != "RoleBinding" || (dyn(object).roleRef.kind == "Role" && dyn(object).roleRef.name != ${role}) || (dyn(object).roleRef.kind == "ClusterRole" && dyn(object).roleRef.name in ${list(harmlessClusterRoles)}) || (${outsiders})`,
        problem: "may open pods or their secrets to others than break-glass groups",
        remedy: "bind a Role of this namespace, or groups of access.breakGlass of the stack file",
      },
    ],
  };
}

/** CEL on `r`, a rule of a Role: whether it grants one of the powers that rules know. */
function reachesInside(): string {
  const granted = powers
    .filter(({ scope }) => scope === "namespace")
    .map(({ group, resources, verbs }) =>
      allOf([
        `${items("r", "apiGroups")}.exists(g, g in ${list([group, "*"])})`,
        `${items("r", "resources")}.exists(n, ${resources.includes("*") ? "true" : `n in ${list(resourceNames(resources))}`})`,
        verbs === "every"
          ? "true"
          : `r.verbs.exists(v, v.split(":")[0] in ${list([...verbs, "*"])})`,
      ]),
    );
  return anyOf(granted);
}

/** A resource as RBAC can name it: itself, everything, or its subresource of whatever resource. */
function resourceNames(resources: readonly string[]): ReadonlySet<string> {
  return new Set(
    resources.flatMap((resource) => {
      const [, subresource] = resource.split("/");
      return [resource, "*", ...(subresource === undefined ? [] : [`*/${subresource}`])];
    }),
  );
}

/** Tokens of the Kubernetes API for the accounts of pods that must not have any. */
export function tokens(scope: Scope): Target {
  return {
    name: "tokens",
    namespaces: scope.closed,
    resourceRules: [resourceRule({ group: "", resources: ["serviceaccounts/token"] }, ["CREATE"])],
    subject: requestSubject,
    checks: [
      {
        rule: "W03",
        // Kubelets ask on behalf of storage drivers, for pods of their own node; the pod sees no token.
        holds: 'request.userInfo.?groups.orValue([]).exists(g, g == "system:nodes")',
        problem: "would get a token of the Kubernetes API",
        remedy: "do without; no pod of this namespace speaks to the API server",
      },
    ],
  };
}

export function secrets(scope: Scope): Target {
  return {
    name: "secrets",
    namespaces: scope.closed,
    resourceRules: [resourceRule({ group: "", resources: ["secrets"] }, writes)],
    checks: [
      {
        rule: "W03",
        holds: `object.?type.orValue("") != ${text(tokenSecretType)}`,
        problem: "holds a token of the Kubernetes API for any pod that mounts it",
        remedy: "remove the Secret",
      },
    ],
  };
}
