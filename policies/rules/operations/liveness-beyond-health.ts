import { servedEngines } from "../../kubernetes/served-engines.ts";
import { get, isUnreadable } from "../../model/field.ts";
import type { ResourceRule } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const livenessBeyondHealth: ResourceRule = {
  id: "O05",
  name: "liveness-beyond-health",
  level: "resource",
  description:
    "The liveness of an engine is judged by an answer of the model, since its health page stays green while inference is dead.",
  severity: "low",
  enforcement: "advisory",
  mapping: {},
  remedy: "let the livenessProbe ask the engine for one token, as this product's own check does",
  check: (object, settings) =>
    servedEngines(object, settings)
      .filter(({ engine }) => engine === "vllm")
      .flatMap(({ container }) => {
        const probe = get(container.field, "livenessProbe");
        const command = get(probe, "exec", "command");
        if (isUnreadable(command)) return [unreadable(object, command)];
        if (command.value !== undefined) return [];
        const problem =
          probe.value === undefined
            ? "is absent, so an engine that hangs is never restarted"
            : "asks for no more than a page or a port, which an engine that hangs still answers";
        return [violation(object, probe, problem)];
      }),
};
