import { type EndpointAddress, endpointAssignment } from "../components/gateway/envoy/endpoints.ts";
import { routedClass, taskClassRoutes } from "../components/gateway/envoy/routes.ts";
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
  readonly endpoints: Catalogue | undefined;
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
    routes: catalogue([[routeConfigName, routesOf(effective)]]),
    endpoints: endpointsOf(clusterAddresses(desired, observed)) ?? before.endpoints,
  };
}

/** Only of public classes: the proxy of the others takes no routes from here. */
function routesOf({ classes }: EffectiveRoutes): Resource {
  return taskClassRoutes(
    classes
      .filter(({ desired }) => isOpen(desired))
      .map(({ desired, weights }) => routedClass(desired, weights)),
  );
}

function endpointsOf(
  clusters: ReadonlyMap<string, readonly EndpointAddress[]> | undefined,
): Catalogue | undefined {
  if (clusters === undefined) return undefined;
  return catalogue(
    [...clusters].map(([cluster, addresses]) => [cluster, endpointAssignment(cluster, addresses)]),
  );
}
