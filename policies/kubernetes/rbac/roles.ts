import { compareText } from "../../../components/lib/compare-text.ts";
import { type Field, get, isEmpty, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import { isKind } from "../api-groups.ts";
import { type Grant, grantsOf } from "./grants.ts";

/** What a binding gives: powers, or why nobody can tell. */
export type Given =
  | { readonly known: true; readonly grants: readonly Grant[] }
  | { readonly known: false; readonly why: string };

/** The roles of a graph, by `ClusterRole name` and `Role namespace/name`. */
export type Roles = ReadonlyMap<string, Given>;

export function rolesIn(objects: readonly KubeObject[]): Roles {
  const roles = new Map<string, Given>();
  // Two objects of one name are joined below, and what is said of them must not follow the order of the graph.
  const found = objects
    .filter((object) => isKind(object, "Role") || isKind(object, "ClusterRole"))
    .toSorted((a, b) => compareText(a.resource.urn, b.resource.urn));
  for (const object of found) {
    const key = keyOf(object.kind, String(object.namespace), String(object.name));
    const before = roles.get(key);
    // Of two objects with one identity either may be the one that stays.
    roles.set(key, before === undefined ? given(object) : joined(before, given(object)));
  }
  return roles;
}

function keyOf(kind: string, namespace: string, name: string): string {
  return kind === "ClusterRole" ? `ClusterRole ${name}` : `Role ${namespace}/${name}`;
}

function given(role: KubeObject): Given {
  if (!isEmpty(get(rootField(role.body), "aggregationRule"))) {
    return { known: false, why: "gathers its rules by label from roles that nobody has to know" };
  }
  const grants = grantsOf(role);
  if (grants === "unreadable") return { known: false, why: "holds rules that cannot be read" };
  return { known: true, grants };
}

function joined(a: Given, b: Given): Given {
  if (!a.known) return a;
  return b.known ? { known: true, grants: [...a.grants, ...b.grants] } : b;
}

/** What the role of a binding gives, with its name for messages. */
export function roleOf(
  binding: KubeObject,
  roles: Roles,
): { readonly field: Field; readonly shown: string; readonly given: Given } {
  const reference = get(rootField(binding.body), "roleRef");
  const name = get(reference, "name");
  const kind = textOf(get(reference, "kind")) ?? "";
  const text = textOf(name);
  if (text === undefined || isUnreadable(name) || isUnreadable(get(reference, "kind"))) {
    const unread: Given = { known: false, why: "cannot be read" };
    return { field: name, shown: "a role", given: unread };
  }
  const absent: Given = { known: false, why: "is not in the graph, so what it grants is unknown" };
  const found = roles.get(keyOf(kind, String(binding.namespace), text));
  return { field: name, shown: `${kind} "${text}"`, given: found ?? absent };
}
