import type { Resource } from "../../../policies/model/resource.ts";
import type { Value } from "../../../policies/model/value.ts";
import { documentChanged, gatewayChanged, goodGateway } from "../gateway-graph.ts";
import type { Mutant } from "./mutant.ts";

/** The bootstrap in the ConfigMap of a proxy. */
export const bootstrap = "envoy.json";
export const bootstrapPath = 'data["envoy.json"]';
export const clusters = ["static_resources", "clusters"] as const;
export const manager = [
  "static_resources",
  "listeners",
  0,
  "filter_chains",
  0,
  "filters",
  0,
  "typed_config",
] as const;
export const managerPath = `${bootstrapPath}.static_resources.listeners[0].filter_chains[0].filters[0].typed_config`;

/** A change of the product's own gateway and the place where the rule must see it. */
export function changedGateway(
  rule: string,
  title: string,
  target: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  reported: { readonly object?: string; readonly path: string },
): Mutant {
  const object = reported.object ?? target.replace("/", " gateway/");
  const resources = gatewayChanged(target, path, value);
  return { rule, title, resources, object, path: reported.path };
}

/** A change of the bootstrap of one of its proxies. */
export function changedBootstrap(
  rule: string,
  title: string,
  map: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  reported: string,
): Mutant {
  const resources = documentChanged(map, bootstrap, path, value);
  return { rule, title, resources, object: `ConfigMap gateway/${map}`, path: reported };
}

/** One more object beside its own. */
export function addedToGateway(
  rule: string,
  title: string,
  extra: Resource,
  object: string,
  path: string,
): Mutant {
  return { rule, title, resources: [...goodGateway, extra], object, path };
}

/** Its own objects without one, as `Kind/name`. */
export function lostFromGateway(
  rule: string,
  title: string,
  lost: string,
  object: string,
  path: string,
): Mutant {
  const resources = goodGateway.filter(
    ({ type, name }) => `${type.split(":").at(-1)}/${name}` !== lost,
  );
  return { rule, title, resources, object, path };
}
