import { isOneTokenCommand, probeSeconds } from "../../../components/lib/one-token-probe.ts";
import { servedEngines } from "../../kubernetes/served-engines.ts";
import { elements, type Field, get, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
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
  remedy:
    "let the livenessProbe ask the engine for one token, as this product's own check does, with a timeoutSeconds that the check ends within",
  check: (object, settings) =>
    servedEngines(object, settings)
      .filter(({ engine }) => engine === "vllm")
      .flatMap(({ container }) => {
        const probe = get(container.field, "livenessProbe");
        const command = get(probe, "exec", "command");
        if (isUnreadable(command)) return [unreadable(object, command)];
        if (command.value !== undefined) return checkTimeout(object, probe, command);
        const problem =
          probe.value === undefined
            ? "is absent, so an engine that hangs is never restarted"
            : "asks for no more than a page or a port, which an engine that hangs still answers";
        return [violation(object, probe, problem)];
      }),
};

/** What the kubelet waits where nothing is stated, seconds. */
const defaultTimeout = 1;

/** The product's own check, cut off before it has looked whether tokens move, takes a slow engine for a dead one. */
function checkTimeout(object: KubeObject, probe: Field, command: Field): readonly Violation[] {
  const words = elements(command).map((word) => textOf(word) ?? "");
  if (!isOneTokenCommand(words)) return [];
  const timeout = get(probe, "timeoutSeconds");
  if (isUnreadable(timeout)) return [unreadable(object, timeout)];
  const given = timeout.value ?? defaultTimeout;
  const needed = probeSeconds();
  if (typeof given === "number" && given > needed) return [];
  const shown = typeof given === "number" ? `${given} s` : "no number of seconds";
  const problem = `is ${shown}, and the check itself may take ${needed} s: a slow engine would be restarted`;
  return [violation(object, timeout, problem)];
}
