import { limitsCounter, limitsService } from "../../components/gateway/names.ts";
import type { Analysis } from "../egress/analyze.ts";
import { nameOf } from "../egress/inference.ts";
import type { Workload } from "../egress/read/workloads.ts";
import type { Violation } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { isPart } from "./parts.ts";

/** Whom each of the two asks; nobody passes anything on. */
const asks: readonly { readonly part: string; readonly others: readonly string[] }[] = [
  { part: limitsService, others: [limitsCounter] },
  { part: limitsCounter, others: [] },
];

/**
 * The closed proxy asks the rate-limit service, so neither it nor its counter may be a way to anybody else. Whoever
 * reaches the counter could count for everybody, so the service alone may.
 */
export function limitsWayFaults(
  analysis: Analysis,
  workload: Workload,
  settings: Settings,
): readonly Violation[] {
  const { object } = workload;
  const isOwn = (other: Workload, part: string) =>
    other.namespace === settings.gatewayNamespace && isPart(other.object, part);
  const reached = analysis.neighbours(workload).map(({ workload: other }) => other);
  const faults = [
    ...asks
      .filter(({ part }) => isPart(object, part))
      .flatMap(({ others }) =>
        reached
          .filter((other) => !others.some((part) => isOwn(other, part)))
          .map((other) => `may reach ${nameOf(other)}, and is there to count alone`),
      ),
    ...(isPart(object, limitsService)
      ? []
      : reached
          .filter((other) => isOwn(other, limitsCounter))
          .map(() => `may reach ${limitsCounter}, which only ${limitsService} may`)),
  ];
  return faults.map((problem) => ({
    resource: object.resource,
    path: "metadata.name",
    problem,
  }));
}
