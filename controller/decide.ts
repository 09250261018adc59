import { type EngineAddress, endpointAssignment } from "../components/gateway/envoy/endpoints.ts";
import { routedClass, routesType, taskClassRoutes } from "../components/gateway/envoy/routes.ts";
import { routeConfigName } from "../components/gateway/names.ts";
import { type Desired, desiredHash } from "../components/lib/migration/desired.ts";
import {
  type EffectiveRoutes,
  effectiveRoutes,
  foundOverride,
} from "../migration/effective-routes.ts";
import { readDesired } from "../migration/read-desired.ts";
import { isOpen } from "../migration/shares.ts";
import { type Catalogue, catalogue, type Resource } from "./catalogue.ts";
import { clusterAddresses } from "./endpoints.ts";
import type { Observed } from "./observed.ts";

/** What is served, and why. */
export interface Decision {
  /** The last desired routes that could be used. */
  readonly desired: Desired | undefined;
  readonly desiredHash: string | null;
  /** Why those in the cluster are not the ones in use. */
  readonly desiredFault: string | null;
  readonly effective: EffectiveRoutes | undefined;
  /** `undefined` until there were any. */
  readonly routes: Catalogue | undefined;
  /** Which resources they are depends on where a proxy checks the health of engines. */
  readonly endpoints: EndpointCatalogues | undefined;
}

export const nothingDecided: Decision = {
  desired: undefined,
  desiredHash: null,
  desiredFault: null,
  effective: undefined,
  routes: undefined,
  endpoints: undefined,
};

/** Desired routes that cannot be used change nothing: the last good ones stay. */
export function decide(observed: Observed, before: Decision): Decision {
  const { traffic } = observed;
  if (traffic === undefined) return before;
  const read = readDesired(traffic.desired);
  const fault = read.ok ? null : `desired routes: ${read.fault}`;
  const desired = read.ok ? read.value : before.desired;
  if (desired === undefined) return { ...before, desiredFault: fault };
  const effective = effectiveRoutes(desired, foundOverride(traffic.override), traffic.records);
  return {
    desired,
    desiredHash: desiredHash(desired),
    desiredFault: fault,
    effective,
    routes: catalogue([[routeConfigName, routesOf(desired, effective)]]),
    endpoints: endpointsOf(clusterAddresses(desired, observed)) ?? before.endpoints,
  };
}

/** Only of public classes: the proxy of the others takes no routes from here. */
function routesOf({ publicModel }: Desired, { classes }: EffectiveRoutes): Resource {
  const open = classes
    .filter(({ desired }) => isOpen(desired))
    .map(({ desired, weights }) => routedClass(desired, weights));
  return { "@type": routesType, ...taskClassRoutes(open, publicModel) };
}

/** Endpoints for a proxy by the address that it gave for health checks. */
export type EndpointCatalogues = (health: EngineAddress | undefined) => Catalogue;

function endpointsOf(
  clusters: ReadonlyMap<string, readonly EngineAddress[]> | undefined,
): EndpointCatalogues | undefined {
  if (clusters === undefined) return undefined;
  // All pods say the same; whoever makes addresses up fills no memory.
  let last: { readonly key: string; readonly made: Catalogue } | undefined;
  return (health) => {
    const key = health === undefined ? "" : `${health.address} ${health.port}`;
    if (last?.key !== key) {
      const entries = [...clusters].map(
        ([cluster, at]) => [cluster, endpointAssignment(cluster, at, health)] as const,
      );
      last = { key, made: catalogue(entries) };
    }
    return last.made;
  };
}
