import { configData } from "../kubernetes/config-data.ts";
import { demandOneOf } from "../kubernetes/demands.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { checkAddress, type Destinations } from "./addresses.ts";

const packagesRemedy =
  "give the driver precompiled images, or a repoConfig whose ConfigMap names a mirror inside";

/**
 * A driver container builds its modules on the node, and for that downloads packages from the
 * distribution's servers, unless it is told another source or the image holds the modules.
 */
export function checkDriver(
  object: KubeObject,
  driver: Field,
  repository: Field,
  maps: ReadonlyMap<string, readonly KubeObject[]>,
  destinations: Destinations,
): readonly Violation[] {
  if (isUnreadable(driver)) return [unreadable(object, driver)];
  const enabled = get(driver, "enabled");
  if (isUnreadable(enabled)) return [unreadable(object, enabled)];
  if (enabled.value === false || get(driver, "usePrecompiled").value === true) return [];
  if (isUnreadable(repository)) return [unreadable(object, repository)];
  const name = textOf(repository) ?? "";
  if (name === "") {
    const problem = "is absent, so the driver container downloads packages from the internet";
    return [violation(object, repository, problem, packagesRemedy)];
  }
  const named = maps.get(name) ?? [];
  if (named.length === 0) {
    const problem = "names a ConfigMap that is not in this stack, so nobody knows its servers";
    return [violation(object, repository, problem, "declare the ConfigMap in this stack")];
  }
  return named.flatMap((map) => checkSources(map, destinations));
}

const anyUrl = /\b(?:https?|ftp|mirror\+\w+|tor\+\w+):\/\/[^\s"'\]]+/g;

function checkSources(map: KubeObject, destinations: Destinations): readonly Violation[] {
  const { texts, hidden } = configData(map);
  const found = texts.flatMap(({ field, text }) =>
    [...text.matchAll(anyUrl)].map(([value]) => ({ path: field.path, value })),
  );
  if (found.length === 0 && hidden.length === 0) {
    const field = get(rootField(map.body), "data");
    return [violation(map, field, "names no server of packages", packagesRemedy)];
  }
  return [
    ...hidden.map(({ field }) => unreadable(map, field)),
    ...found.flatMap((field) => checkAddress(map, field, destinations)),
  ];
}

/** Exporters in the network of the node answer whoever reaches the node. */
export function checkOperands(policy: KubeObject): readonly Violation[] {
  const spec = get(rootField(policy.body), "spec");
  return ["dcgmExporter", "dcgm", "nodeStatusExporter"].flatMap((operand) =>
    ["hostNetwork", "hostPID"].flatMap((name) =>
      demandOneOf(
        policy,
        get(spec, operand, name),
        [undefined, false],
        `set ${operand}.${name}: false`,
      ),
    ),
  );
}

/** Node feature discovery can run programs that it finds on the host. */
export function checkDiscovery(object: KubeObject, config: Field): readonly Violation[] {
  const hooks = get(config, "sources", "local", "hooksEnabled");
  if (hooks.value === undefined || hooks.value === false) return [];
  const problem = "lets node feature discovery run programs of the host";
  return [violation(object, hooks, problem, "set hooksEnabled: false")];
}

/** ConfigMaps by name: the operator looks for them in its own namespace. */
export function configMapsByName(
  objects: readonly KubeObject[],
): ReadonlyMap<string, readonly KubeObject[]> {
  return Map.groupBy(
    objects.filter(({ kind }) => kind === "ConfigMap"),
    ({ name }) => String(name),
  );
}
