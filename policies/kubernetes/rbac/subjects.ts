import { elements, type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Settings } from "../../model/settings.ts";
import { isOperated } from "../image-fields.ts";
import { podSpecOf } from "../pod-spec.ts";

/** Who a binding gives its role to. */
export type Subject =
  | { readonly kind: "break-glass"; readonly field: Field }
  | { readonly kind: "operator"; readonly field: Field; readonly shown: string }
  | { readonly kind: "other"; readonly field: Field; readonly shown: string }
  | { readonly kind: "unreadable"; readonly field: Field };

/** Service accounts, as `namespace/name`, under which some pod of the graph runs. */
export function runningAccounts(objects: readonly KubeObject[]): ReadonlySet<string> {
  const accounts = new Set<string>();
  for (const object of objects) {
    const spec = podSpecOf(object);
    if (spec === undefined) continue;
    const names = ["serviceAccountName", ...(isOperated(object) ? [] : ["serviceAccount"])];
    for (const name of names) {
      const account = textOf(get(spec, name));
      if (account !== undefined) accounts.add(`${String(object.namespace)}/${account}`);
    }
  }
  return accounts;
}

export function subjectsOf(
  binding: KubeObject,
  settings: Settings,
  running: ReadonlySet<string>,
): readonly Subject[] {
  return elements(get(rootField(binding.body), "subjects")).map((field) => {
    const [kind, name, namespace] = ["kind", "name", "namespace"].map((key) => get(field, key));
    const parts = [field, kind, name, namespace].filter((part) => part !== undefined);
    const hidden = parts.find(isUnreadable);
    if (hidden !== undefined || kind === undefined || name === undefined) {
      return { kind: "unreadable", field: hidden ?? field };
    }
    const shown = `${textOf(kind) ?? ""} "${textOf(name) ?? ""}"`;
    if (kind.value === "Group") {
      const breakGlass = settings.breakGlassGroups.has(textOf(name) ?? "");
      return breakGlass ? { kind: "break-glass", field } : { kind: "other", field, shown };
    }
    if (kind.value !== "ServiceAccount") return { kind: "other", field, shown };
    const place = namespace === undefined ? undefined : textOf(namespace);
    const home = place ?? (binding.kind === "RoleBinding" ? binding.namespace : undefined);
    return {
      kind: isOperator(home, name, settings, running) ? "operator" : "other",
      field,
      shown: typeof home === "string" ? `${shown} of namespace "${home}"` : shown,
    };
  });
}

/** An account of the infrastructure whose pods are in the graph, so that rules know what they run. */
function isOperator(
  namespace: KubeObject["namespace"],
  name: Field,
  settings: Settings,
  running: ReadonlySet<string>,
): boolean {
  if (typeof namespace !== "string" || !settings.infrastructureNamespaces.has(namespace))
    return false;
  return running.has(`${namespace}/${textOf(name) ?? ""}`);
}
