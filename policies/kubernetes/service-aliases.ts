import { get, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Settings } from "../model/settings.ts";
import { isKind } from "./api-groups.ts";
import { namespacesOfHost } from "./routes.ts";
import { inInference, isInferenceNamespace } from "./scope.ts";

/** Services, as `namespace/name`, that lead into an inference namespace without lying in it. */
export type Aliases = ReadonlySet<string>;

/** Follows external names, also those that name another such Service. */
export function serviceAliases(objects: readonly KubeObject[], settings: Settings): Aliases {
  const hosts = new Map<string, string>();
  for (const object of objects) {
    if (!isKind(object, "Service") || inInference(object, settings)) continue;
    const host = textOf(get(rootField(object.body), "spec", "externalName"));
    if (host !== undefined) hosts.set(`${String(object.namespace)}/${String(object.name)}`, host);
  }
  const aliases = new Set<string>();
  // Each round finds those that are one name further away.
  for (let found = -1; found !== aliases.size; ) {
    found = aliases.size;
    for (const [key, host] of hosts) {
      if (leadsInside(host, settings, aliases)) aliases.add(key);
    }
  }
  return aliases;
}

function leadsInside(host: string, settings: Settings, aliases: Aliases): boolean {
  const [service = ""] = host.toLowerCase().split(".");
  return namespacesOfHost(host).some(
    (namespace) =>
      isInferenceNamespace(namespace, settings) || aliases.has(`${namespace}/${service}`),
  );
}
