import { engineCluster, externalCluster } from "../../lib/migration/desired.ts";
import { keysFile, openGateway, paths, routeConfigName } from "../names.ts";
import { bootstrap } from "./bootstrap.ts";
import {
  adminCluster,
  controllerCluster,
  engineClusters,
  externalRoad,
  failover,
  timesOf,
} from "./clusters.ts";
import { healthListener } from "./health.ts";
import { clientListener, metricsListener } from "./listeners.ts";
import { enginesOf, everyAddress, type GatewayPlan, openClasses, roadsOut } from "./plan.ts";
import { controllerSource } from "./sources.ts";
import type { Bootstrap, Cluster } from "./types.ts";

/** The gateway of public classes; undefined where a stack has none. Its routes come from the controller. */
export function openBootstrap(plan: GatewayPlan): Bootstrap | undefined {
  const classes = openClasses(plan);
  if (classes.length === 0) return undefined;
  const engines = enginesOf(classes, plan.models);
  const host = everyAddress(plan);
  const routes = {
    rds: { route_config_name: routeConfigName, config_source: controllerSource("0.25s") },
  };
  return bootstrap(
    [
      clientListener(host, `${paths.keys}/${keysFile(openGateway)}`, routes),
      metricsListener(host),
      ...(engines.length === 0 ? [] : [healthListener(engines)]),
    ],
    [
      ...engines.flatMap((model) => engineClusters(model, timesOf(plan))),
      ...roadsOut(plan).map(externalRoad),
      ...failovers(plan),
      controllerCluster(plan),
      adminCluster,
    ],
  );
}

/** For each class that may fail over, each of its engines with its first provider. */
function failovers(plan: GatewayPlan): readonly Cluster[] {
  const pairs = openClasses(plan).flatMap((one) => {
    if (one.dataClass !== "public" || !one.failover) return [];
    const external = one.backends.find((backend) => backend.kind === "external");
    if (external === undefined) return [];
    const way = externalCluster(external.provider, external.model);
    return one.backends.flatMap((backend) =>
      backend.kind === "local" ? [failover(engineCluster(backend.model), way)] : [],
    );
  });
  return [...new Map(pairs.map((cluster) => [cluster.name, cluster])).values()];
}
