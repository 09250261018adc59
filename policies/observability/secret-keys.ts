import { isKind } from "../kubernetes/api-groups.ts";
import { type ConfigText, configData } from "../kubernetes/config-data.ts";
import { type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Graph, Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";

/**
 * The Secrets and ConfigMaps of a graph by kind, namespace and name. Of two with one identity the later
 * applied stays, and nobody knows which that is: both count.
 */
export interface Files {
  readonly find: (kind: string, namespace: string, name: string) => readonly KubeObject[];
}

export function filesOf(graph: Graph): Files {
  const found = Map.groupBy(
    graph.objects.filter((object) => isKind(object, "Secret") || isKind(object, "ConfigMap")),
    (object) => `${object.kind}/${String(object.namespace)}/${String(object.name)}`,
  );
  return { find: (kind, namespace, name) => found.get(`${kind}/${namespace}/${name}`) ?? [] };
}

/** The files that a `{name, key}` reference names, or the violation that one cannot be read. */
export function referredFiles(
  files: Files,
  object: KubeObject,
  reference: Field,
  kind: "Secret" | "ConfigMap",
): { readonly texts: readonly ConfigText[] } | { readonly fault: Violation } {
  const [name, key] = [get(reference, "name"), get(reference, "key")];
  const hidden = [name, key].find(isUnreadable);
  if (hidden !== undefined) return { fault: unreadable(object, hidden) };
  const named = files.find(kind, String(object.namespace), textOf(name) ?? "");
  const texts = named.flatMap((each) =>
    configData(each).texts.filter((file) => file.key === key.value),
  );
  if (texts.length > 0 && texts.length >= named.length) return { texts };
  const problem = `takes its configuration from a ${kind} that is not in this stack or cannot be read`;
  return {
    fault: violation(object, reference, problem, `declare the ${kind} with its text in this stack`),
  };
}
