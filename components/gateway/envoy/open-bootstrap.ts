import { keysFile, openGateway, paths, routeConfigName } from "../names.ts";
import { bootstrap } from "./bootstrap.ts";
import {
  adminCluster,
  controllerCluster,
  engineClusters,
  externalRoad,
  limitsClusters,
  timesOf,
} from "./clusters.ts";
import { eitherClusters, innerListenerExtension, innerListeners } from "./either.ts";
import { healthListener } from "./health.ts";
import { clientListener, metricsListener } from "./listeners.ts";
import { enginesOf, everyAddress, type GatewayPlan, openClasses, roadsOut } from "./plan.ts";
import { tokensOfClasses, unitsOfClasses } from "./priced.ts";
import { controllerSource } from "./sources.ts";
import type { Bootstrap } from "./types.ts";

/** The gateway of public classes; undefined where a stack has none. Its routes come from the controller. */
export function openBootstrap(plan: GatewayPlan): Bootstrap | undefined {
  const classes = openClasses(plan);
  if (classes.length === 0) return undefined;
  const engines = enginesOf(classes, plan.models);
  const host = everyAddress(plan);
  const routes = {
    rds: { route_config_name: routeConfigName, config_source: controllerSource("0.25s") },
  };
  const common = bootstrap(
    [
      clientListener({
        host,
        keys: `${paths.keys}/${keysFile(openGateway)}`,
        routes,
        units: unitsOfClasses(plan, classes),
        tokens: tokensOfClasses(classes),
        limits: plan.gateway.limits,
        saltsTeams: plan.saltsTeams ?? false,
      }),
      metricsListener(host),
      ...(engines.length === 0 ? [] : [healthListener(engines)]),
      ...innerListeners(plan),
    ],
    [
      ...engines.flatMap((model) => engineClusters(model, timesOf(plan))),
      ...roadsOut(plan).map(externalRoad),
      ...eitherClusters(plan),
      ...limitsClusters(plan),
      controllerCluster(plan),
      adminCluster,
    ],
    [innerListenerExtension],
  );
  // The lever for emergencies, on loopback; only here, since no other proxy's traffic may move.
  const layers = [{ name: "admin", admin_layer: {} }];
  return { ...common, layered_runtime: { layers } };
}
