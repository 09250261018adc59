import { elements, type Field, get, isUnreadable, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import { isPodMakingResource } from "../custom-kinds.ts";
import { type Power, powers } from "./powers.ts";

/** A power that a role holds, with the verbs by which it holds it. */
export interface Grant {
  readonly power: Power;
  readonly verbs: readonly string[];
}

/** What a role grants of the powers, or that nobody can tell. */
export type Grants = readonly Grant[] | "unreadable";

/** Powers in the rules of a Role or ClusterRole. Names of objects limit nothing that matters here. */
export function grantsOf(role: KubeObject): Grants {
  const found: Grant[] = [];
  for (const rule of elements(get(rootField(role.body), "rules"))) {
    const read = readRule(rule);
    if (read === undefined) return "unreadable";
    found.push(...powers.flatMap((power) => granted(power, read)), ...podMakers(read));
  }
  return found;
}

interface ReadRule {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

function readRule(rule: Field): ReadRule | undefined {
  if (isUnreadable(rule)) return undefined;
  const [groups, resources, verbs] = ["apiGroups", "resources", "verbs"].map((name) =>
    texts(get(rule, name)),
  );
  if (groups === undefined || resources === undefined || verbs === undefined) return undefined;
  return { groups, resources, verbs };
}

function texts(list: Field): readonly string[] | undefined {
  const values = elements(list).map((field) =>
    typeof field.value === "string" && !isUnreadable(field) ? field.value : undefined,
  );
  const read = values.filter((value) => value !== undefined);
  return read.length === values.length ? read : undefined;
}

function granted(power: Power, rule: ReadRule): readonly Grant[] {
  if (!rule.groups.some((group) => group === "*" || group === power.group)) return [];
  const touches = power.resources.some((resource) =>
    rule.resources.some((named) => covers(named, resource)),
  );
  if (!touches) return [];
  const verbs = rule.verbs.filter((verb) => isVerbOf(power, verb));
  return verbs.length === 0 ? [] : [{ power, verbs }];
}

function isVerbOf(power: Power, verb: string): boolean {
  if (verb === "*" || power.verbs === "every") return true;
  // Newer API servers know verbs such as `impersonate:user-info` and `impersonate-on:user-info:get`.
  return power.verbs.some(
    (each) => verb === each || (/^impersonate\b/.test(verb) && each === "impersonate"),
  );
}

/**
 * Whether what a rule names covers a resource. `pods/*` matches nothing in RBAC itself; other
 * authorisers read it as every subresource.
 */
function covers(named: string, resource: string): boolean {
  if (named === "*" || named === resource || resource === "*") return true;
  const [kind = "", subresource] = resource.split("/");
  if (subresource === undefined) return false;
  return named === `*/${subresource}` || named === `${kind}/*` || named === "*/*";
}

/** Custom resources whose controllers make pods are as good as pods. */
function podMakers(rule: ReadRule): readonly Grant[] {
  const verbs = rule.verbs.filter((verb) => ["*", "create", "update", "patch"].includes(verb));
  if (verbs.length === 0) return [];
  return rule.groups.flatMap((group) => {
    const resources = rule.resources.filter((name) => isPodMakingResource(group, name));
    if (resources.length === 0) return [];
    const may = `make pods by way of ${group}`;
    return [{ power: { group, resources, verbs, may, scope: "namespace" as const }, verbs }];
  });
}
