import { loadSeconds, startUp } from "../../../components/lib/start-up.ts";
import type { Engine } from "../../kubernetes/engine-settings.ts";
import { servedEngines } from "../../kubernetes/served-engines.ts";
import { weightSize } from "../../kubernetes/weight-size.ts";
import { type Field, get, isUnreadable } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

/** What Kubernetes takes for a number that a probe does not state. */
const defaults = { initialDelaySeconds: 0, periodSeconds: 10, failureThreshold: 3 } as const;

/** Seconds that an engine gets at least where nothing tells the size of its weights. */
const leastSeconds = startUp.compileSeconds + startUp.marginSeconds;

export const startupBudget: ResourceRule = {
  id: "O01",
  name: "startup-budget",
  level: "resource",
  description:
    "Every engine has as long to start as reading its weights and compiling take, so that a sound start is never killed.",
  severity: "medium",
  enforcement: "mandatory",
  mapping: {},
  remedy: "give the engine a startupProbe with a larger failureThreshold",
  check: (object, settings) =>
    servedEngines(object, settings).flatMap((engine) => checkEngine(object, engine)),
};

function checkEngine(object: KubeObject, engine: Engine): readonly Violation[] {
  const probe = get(engine.container.field, "startupProbe");
  if (isUnreadable(probe)) return [unreadable(object, probe)];
  const size = weightSize(engine.words);
  const needed = size === undefined ? leastSeconds : loadSeconds(size.gigabytes);
  const reason =
    size === undefined
      ? `nothing tells the size of the weights, and an engine gets at least ${needed} s`
      : `reading ${Math.round(size.gigabytes)} GB of weights (${size.source}) at ${startUp.storageGbPerSecond} GB/s and compiling take ${needed} s`;
  if (probe.value === undefined) {
    return [violation(object, probe, `is absent, so the other probes judge the start; ${reason}`)];
  }
  const numbers = Object.entries(defaults).map(([name, fallback]) => {
    const field = get(probe, name);
    return { field, value: field.value === undefined ? fallback : numberOf(field) };
  });
  const [delay, period, failures] = numbers.map(({ value }) => value);
  if (delay === undefined || period === undefined || failures === undefined) {
    return numbers
      .filter(({ value }) => value === undefined)
      .map(({ field }) =>
        isUnreadable(field) ? unreadable(object, field) : violation(object, field, "is no number"),
      );
  }
  const budget = delay + period * failures;
  if (budget >= needed) return [];
  return [violation(object, probe, `gives ${budget} s to start; ${reason}`)];
}

function numberOf(field: Field): number | undefined {
  return typeof field.value === "number" ? field.value : undefined;
}
