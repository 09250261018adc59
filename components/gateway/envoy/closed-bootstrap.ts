import { desiredRoutes } from "../../lib/migration/desired.ts";
import { closedGateway, keysFile, paths } from "../names.ts";
import { bootstrap } from "./bootstrap.ts";
import {
  adminCluster,
  controllerCluster,
  engineClusters,
  limitsClusters,
  timesOf,
} from "./clusters.ts";
import { healthListener } from "./health.ts";
import { clientListener, metricsListener } from "./listeners.ts";
import { closedClasses, enginesOf, everyAddress, type GatewayPlan } from "./plan.ts";
import { tokensOfClasses, unitsOfClasses } from "./priced.ts";
import { routedClass, taskClassRoutes } from "./routes.ts";
import type { Bootstrap } from "./types.ts";

/**
 * The gateway of every class above public; undefined where a stack has none. Its routes are part of it, and it
 * knows engines, the counter and nothing else, so no fault and no change of traffic can lead a request out.
 */
export function closedBootstrap(plan: GatewayPlan): Bootstrap | undefined {
  const classes = closedClasses(plan);
  if (classes.length === 0) return undefined;
  const engines = enginesOf(classes, plan.models);
  const host = everyAddress(plan);
  const route_config = taskClassRoutes(closedRoutes(plan), plan.gateway.publicModel);
  return bootstrap(
    [
      clientListener({
        host,
        keys: `${paths.keys}/${keysFile(closedGateway)}`,
        routes: { route_config },
        units: unitsOfClasses(plan, classes),
        tokens: tokensOfClasses(classes),
        limits: plan.gateway.limits,
        saltsTeams: plan.saltsTeams ?? false,
      }),
      metricsListener(host),
      healthListener(engines),
    ],
    [
      ...engines.flatMap((model) => engineClusters(model, timesOf(plan))),
      ...limitsClusters(plan),
      controllerCluster(plan),
      adminCluster,
    ],
  );
}

/** Shares as the stack has them in its phase; a change is a change of the stack. */
function closedRoutes({ gateway, models }: GatewayPlan) {
  return desiredRoutes(gateway, models)
    .classes.filter(({ dataClass }) => dataClass !== "public")
    .map((one) => routedClass(one, one.phases[one.phase] ?? {}));
}
