import { limitsService } from "../../../components/gateway/names.ts";
import { countsRoad, uncountedPlaces } from "../../gateway/counted-road.ts";
import { limitsRoad, softLimits, softService } from "../../gateway/limited-road.ts";
import { gatewayParts } from "../../gateway/parts.ts";
import { envoyConfig } from "../../kubernetes/envoy.ts";
import { ownAddresses } from "../../kubernetes/envoy-remote-routes.ts";
import { rootField } from "../../model/field.ts";
import type { StackRule } from "../../model/rule.ts";
import { violation } from "../../model/violation.ts";

export const spentBudgetCloses: StackRule = {
  id: "A16",
  name: "spent-budget-closes",
  level: "stack",
  description:
    "Where a stack has a budget for what goes to providers, every way out asks whether it is spent and is charged at the end, and closes while nobody can count.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy: "leave the gateway as the program makes it, and change limits in the stack file",
  check: (graph, settings) => {
    const parts = gatewayParts(graph, settings);
    if (parts === undefined) return [];
    const roads = parts.egressMaps.flatMap((object) =>
      envoyConfig(object).documents.map((document) => ({ object, document })),
    );
    const isLimited = parts.limitMaps.some(limitsRoad);
    if (!isLimited && !roads.some(({ document }) => countsRoad(document))) return [];
    const limits = ownAddresses(graph, settings, limitsService);
    return [
      ...(isLimited
        ? []
        : parts.egressMaps.map((object) =>
            violation(
              object,
              rootField(object.body),
              `counts what goes to providers, and no ConfigMap ${limitsService} limits it`,
            ),
          )),
      ...roads.flatMap(({ object, document }) =>
        uncountedPlaces(document, limits).map(({ field, problem }) =>
          violation(object, field, problem),
        ),
      ),
      ...parts.limitMaps.flatMap(softLimits),
      ...parts.workloads.flatMap(softService),
    ];
  },
};
