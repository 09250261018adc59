import { usageServer, usageSwitches } from "../../data/engine-switches.ts";
import {
  type Engine,
  enginesOf,
  forbiddenVariable,
  undecidedSettings,
  variableFault,
} from "../../kubernetes/engine-settings.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { violation } from "../../model/violation.ts";

export const usageStatisticsOff: ResourceRule = {
  id: "A01",
  name: "usage-statistics-off",
  level: "resource",
  description: "No inference engine reports how it is used.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["5(1)(b)", "25"] },
  remedy: 'set the environment variable VLLM_NO_USAGE_STATS to "1"',
  check: (object, settings) =>
    enginesOf(object, settings).flatMap((engine) => checkEngine(object, engine)),
};

function checkEngine(object: KubeObject, engine: Engine): readonly Violation[] {
  const { environment } = engine;
  return [
    ...undecidedSettings(object, engine, [...usageSwitches, usageServer]),
    ...checkSwitches(object, engine),
    // An empty address counts as set: the engine would still read it.
    ...forbiddenVariable(object, environment, usageServer, []),
  ];
}

function checkSwitches(object: KubeObject, engine: Engine): readonly Violation[] {
  const faults = usageSwitches.map((name) => variableFault(engine.environment, name, ["1"]));
  if (faults.includes(undefined)) return [];
  const written = usageSwitches.findIndex((name) => engine.environment.variables.has(name));
  const fault = faults[Math.max(written, 0)];
  return fault === undefined ? [] : [violation(object, fault.field, fault.problem)];
}
