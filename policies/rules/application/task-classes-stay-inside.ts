import {
  bootstrapConfigMap,
  closedGateway,
  desiredConfigMap,
  limitsService,
  routeController,
} from "../../../components/gateway/names.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import { closedMapFaults } from "../../gateway/closed-document.ts";
import { classFaults, externalClusters, readDesired } from "../../gateway/desired-classes.ts";
import { gatewayParts } from "../../gateway/parts.ts";
import { secretFaults } from "../../gateway/secrets-of-pods.ts";
import { wayFaults } from "../../gateway/ways-out.ts";
import { ownAddresses } from "../../kubernetes/envoy-remote-routes.ts";
import type { StackRule } from "../../model/rule.ts";

const closedMap = bootstrapConfigMap(closedGateway);

export const taskClassesStayInside: StackRule = {
  id: "A15",
  name: "task-classes-stay-inside",
  level: "stack",
  description:
    "No request of a class above public can leave: its proxy knows models of the stack alone, holds no key of a provider and has no way out, and in the gateway's namespace only the egress gateway has one.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { gdpr: ["5(1)(f)", "25", "32", "44"], hipaa: ["164.312(e)(1)"] },
  remedy: "leave the gateway as the program makes it, and change task classes in the stack file",
  check: (graph, settings) => {
    const parts = gatewayParts(graph, settings);
    if (parts === undefined) return [];
    const read = parts.desired.map((object) => ({ object, ...readDesired(object) }));
    const missing = (problem: string) => ({
      resource: parts.first.resource,
      path: "metadata.name",
      problem,
    });
    const closed = read.some(
      (each) =>
        "desired" in each && each.desired.classes.some(({ dataClass }) => dataClass !== "public"),
    );
    const external = new Set(
      read.flatMap((each) => ("desired" in each ? [...externalClusters(each.desired)] : [])),
    );
    const context = {
      controllers: ownAddresses(graph, settings, routeController),
      limits: ownAddresses(graph, settings, limitsService),
      external,
    };
    return [
      ...(read.length === 0
        ? [
            missing(
              `belongs to a gateway whose task classes no ConfigMap ${desiredConfigMap} states`,
            ),
          ]
        : []),
      ...(closed && parts.closedMaps.length === 0
        ? [
            missing(
              `belongs to a gateway that has no ConfigMap ${closedMap} for its closed classes`,
            ),
          ]
        : []),
      ...read.flatMap((each) =>
        "fault" in each ? [each.fault] : classFaults(each.object, each.desired),
      ),
      ...parts.closedMaps.flatMap((object) => closedMapFaults(object, context)),
      ...secretFaults(parts.workloads),
      ...wayFaults(analysisOf(graph, settings), settings),
    ];
  },
};
