import { enginePaths } from "../../lib/engine-paths.ts";
import type { DesiredClass } from "../../lib/migration/desired.ts";
import type { Weights } from "../../lib/migration/task-class.ts";
import { clientHeader, routeConfigName } from "../names.ts";

/** A class with the shares that its clusters get. */
export interface RoutedClass {
  readonly name: string;
  readonly clusters: readonly { readonly cluster: string; readonly weight: number }[];
}

export function routedClass(desired: DesiredClass, weights: Weights): RoutedClass {
  return {
    name: desired.name,
    clusters: desired.backends.map(({ name, cluster }) => ({
      cluster,
      weight: weights[name] ?? 0,
    })),
  };
}

/** Type of the resource that `taskClassRoutes` makes, for a DiscoveryResponse. */
export const routesType = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";

/** A RouteConfiguration. */
export function taskClassRoutes(
  classes: readonly RoutedClass[],
  _publicModel: string,
): Readonly<Record<string, unknown>> {
  return {
    name: routeConfigName,
    virtual_hosts: [
      {
        name: routeConfigName,
        domains: ["*"],
        routes: classes.flatMap(({ name, clusters }) =>
          enginePaths.map((path) => ({
            match: {
              path,
              headers: [{ name: clientHeader, string_match: { prefix: `${name}/` } }],
            },
            route: {
              timeout: "0s",
              weighted_clusters: {
                clusters: clusters.map(({ cluster, weight }) => ({ name: cluster, weight })),
              },
            },
          })),
        ),
      },
    ],
  };
}
