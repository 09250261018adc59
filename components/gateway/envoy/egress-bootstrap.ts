import { egressKeyHeader, egressKeysFile, openGateway, paths } from "../names.ts";
import { accessLog } from "./access-log.ts";
import { bootstrap } from "./bootstrap.ts";
import { adminCluster, limitsClusters } from "./clusters.ts";
import { connectionManager } from "./connection-manager.ts";
import { keyCheck, monthFact, pathList, routeByStream, wholeRequest } from "./filters.ts";
import { betweenProxies, monthOfRequest } from "./identity-headers.ts";
import { authenticationResource } from "./keys.ts";
import { oneConnectionBuffer } from "./limits.ts";
import { metricsListener } from "./listeners.ts";
import { wayOutReplies } from "./local-replies.ts";
import { modelRewrite } from "./model-rewrite.ts";
import { everyAddress, type GatewayPlan, type Road, roadsOut } from "./plan.ts";
import { unitsOfRoad } from "./priced.ts";
import { providerCluster, providerRoutes } from "./providers.ts";
import { externalBudget } from "./rate-limits.ts";
import { address, type Bootstrap, type Listener } from "./types.ts";
import { streamReader, usageReaders } from "./usage.ts";

/** The only proxy with a way out; undefined where no class has a backend outside. */
export function egressBootstrap(plan: GatewayPlan): Bootstrap | undefined {
  const roads = roadsOut(plan);
  if (roads.length === 0) return undefined;
  const host = everyAddress(plan);
  const providers = new Map(roads.map(({ provider }) => [provider.name, provider]));
  return bootstrap(
    [...roads.map((road) => roadListener(host, road, plan)), metricsListener(host)],
    [...[...providers.values()].map(providerCluster), ...limitsClusters(plan), adminCluster],
  );
}

/** File by which the egress gateway knows the open one. */
export function egressKeysResource(key: string): string {
  return authenticationResource([{ key, client: openGateway }], egressKeyHeader);
}

/** A listener leads to one model of one provider, whatever a request says. */
function roadListener(host: string, road: Road, plan: GatewayPlan): Listener {
  const units = unitsOfRoad(plan, road);
  const budget = plan.gateway.limits?.externalMonthlyUsd;
  return {
    name: road.cluster,
    address: address(host, road.port),
    per_connection_buffer_limit_bytes: oneConnectionBuffer,
    filter_chains: [
      {
        filters: [
          connectionManager({
            name: road.cluster,
            routes: { route_config: providerRoutes(road) },
            filters: [
              pathList(),
              keyCheck(`${paths.egressKey}/${egressKeysFile}`),
              monthFact(),
              ...(budget === undefined ? [] : [externalBudget(units)]),
              ...usageReaders(),
              wholeRequest(),
              streamReader(),
              routeByStream(),
              modelRewrite(road.model),
              wholeRequest(),
            ],
            localReplies: wayOutReplies(),
            accessLog: accessLog(units),
            strips: [...betweenProxies, monthOfRequest],
          }),
        ],
      },
    ],
  };
}
