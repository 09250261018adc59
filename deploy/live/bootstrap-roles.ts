import { at, isArray, isObject, type Value, type ValueObject } from "../../policies/model/value.ts";
import type { Found } from "./found.ts";

/** Names that the API server's own roles and bindings have beside those that begin with `system:`. */
const userRoles = new Set([
  "admin",
  "cluster-admin",
  "edit",
  "extension-apiserver-authentication-reader",
  "view",
]);

/**
 * A role or binding that the API server makes anew at every start. It adds what is missing then, and
 * leaves what somebody added: a binding counts only where nobody but Kubernetes itself is bound.
 */
export function isBootstrapRole({ object: { kind, body }, name }: Found): boolean {
  if (at(body, "metadata", "labels", "kubernetes.io/bootstrapping") !== "rbac-defaults")
    return false;
  if (!name.startsWith("system:") && !userRoles.has(name)) return false;
  switch (kind) {
    case "ClusterRole":
    case "Role":
      return true;
    case "ClusterRoleBinding":
    case "RoleBinding": {
      const subjects = at(body, "subjects");
      const everybody = Object.hasOwn(grantsToAll, name) ? grantsToAll[name] : undefined;
      return (isArray(subjects) ? subjects : []).every((subject) => isSystem(subject, everybody));
    }
    default:
      return false;
  }
}

/** What everybody who reaches the API server, or every pod, may do, by binding: ask what is served and who they are. */
const grantsToAll: Readonly<Record<string, readonly string[]>> = {
  "system:basic-user": ["system:authenticated"],
  "system:cluster-trust-bundle-discovery": ["system:serviceaccounts"],
  "system:discovery": ["system:authenticated"],
  "system:public-info-viewer": ["system:authenticated", "system:unauthenticated"],
  "system:service-account-issuer-discovery": ["system:serviceaccounts"],
};

const everybody = new Set([
  "system:anonymous",
  "system:authenticated",
  "system:serviceaccounts",
  "system:unauthenticated",
]);

function isSystem(subject: Value, groups: readonly string[] = []): boolean {
  const name = at(subject, "name");
  if (typeof name !== "string") return false;
  if (at(subject, "kind") === "ServiceAccount") return at(subject, "namespace") === "kube-system";
  if (everybody.has(name)) return groups.includes(name);
  return name.startsWith("system:") && !name.startsWith("system:serviceaccount");
}

const aggregation = "rbac.authorization.k8s.io/aggregate-to-";

/** Which of the API server's own roles add their rules to which others, so that nobody gains by it. */
const ownAggregation: Readonly<Record<string, string>> = {
  edit: `${aggregation}admin`,
  "system:aggregate-to-admin": `${aggregation}admin`,
  "system:aggregate-to-edit": `${aggregation}edit`,
  "system:aggregate-to-view": `${aggregation}view`,
  view: `${aggregation}edit`,
};

/**
 * An object without the one label by which Kubernetes builds its own roles from each other. What somebody
 * added to such a role still shows in the roles that are bound.
 */
export function withoutOwnAggregation(found: Found): ValueObject {
  const { body } = found.object;
  const label = Object.hasOwn(ownAggregation, found.name) ? ownAggregation[found.name] : undefined;
  if (label === undefined || found.object.kind !== "ClusterRole" || !isBootstrapRole(found))
    return body;
  const metadata = record(body["metadata"]);
  const { [label]: _, ...labels } = record(metadata["labels"]);
  return { ...body, metadata: { ...metadata, labels } };
}

function record(value: Value | undefined): ValueObject {
  return isObject(value) ? value : {};
}
