import { isKind } from "../../kubernetes/api-groups.ts";
import { get, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import { unknown } from "../../model/value.ts";
import { anyLabels, type Labels, readLabels } from "./labels.ts";
import { type Fault, Faults } from "./shape.ts";

/** Set by the API server on every namespace; what an object says under this key is overridden. */
const nameLabel = "kubernetes.io/metadata.name";

export interface Namespaces {
  /** Labels of a namespace; of one that no object declares, its name alone. */
  readonly labelsOf: (name: string) => Labels;
  /** Names of the declared ones. */
  readonly declared: ReadonlySet<string>;
  readonly faults: readonly (Fault & { readonly object: KubeObject })[];
}

export function readNamespaces(objects: readonly KubeObject[]): Namespaces {
  const labels = new Map<string, Labels>();
  const found: (Fault & { readonly object: KubeObject })[] = [];
  const patched = new Set<string>();
  let anonymous = false;
  for (const object of objects) {
    if (isKind(object, "NamespacePatch")) {
      const reason = "gives a namespace labels that nobody sees together with it";
      found.push({ object, path: "kind", reason });
      if (object.name === unknown) anonymous = true;
      else patched.add(object.name);
    }
    if (!isKind(object, "Namespace")) continue;
    const { name } = object;
    const faults = new Faults();
    const field = get(rootField(object.body), "metadata", "labels");
    if (name === unknown) {
      // It may be any namespace, so that none is known to have only the labels seen.
      anonymous = true;
      faults.readable(get(rootField(object.body), "metadata", "name"));
    } else {
      const read = readLabels(field, faults, { known: [[nameLabel, name]] });
      labels.set(name, labels.has(name) ? withName(name) : read);
    }
    found.push(...faults.all.map((fault) => ({ object, ...fault })));
  }
  return {
    declared: new Set(labels.keys()),
    faults: found,
    labelsOf: (name) =>
      (patched.has(name) ? withName(name) : labels.get(name)) ??
      (anonymous
        ? withName(name)
        : { known: new Map([[nameLabel, name]]), present: new Set(), open: false }),
  };
}

/** A namespace that is declared twice, or perhaps by an object of unknown name, may have any labels. */
function withName(name: string): Labels {
  return { ...anyLabels, known: new Map([[nameLabel, name]]) };
}
