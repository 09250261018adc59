import { commandFaults } from "../../kubernetes/command-faults.ts";
import { requestsGpu } from "../../kubernetes/devices.ts";
import { engineClass } from "../../kubernetes/engine.ts";
import {
  type Container,
  containersOf,
  type PodTemplate,
  podTemplate,
} from "../../kubernetes/pod-templates.ts";
import { inInference } from "../../kubernetes/scope.ts";
import { isVerifier } from "../../kubernetes/weights-verifier.ts";
import { type Field, get, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const allowedContainers: ResourceRule = {
  id: "W05",
  name: "allowed-containers",
  level: "resource",
  description:
    "An inference pod holds one engine, the verifier of its weights and no container that the stack does not name, and none of them runs a shell, fetches anything or brings in code.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { nsa: ["Pod"] },
  remedy:
    "remove the container, or list its name in policies.containers; whatever shares a pod shares its network and volumes",
  check: (object, settings) => {
    const template = podTemplate(object);
    if (template === undefined || !inInference(object, settings)) return [];
    if (isUnreadable(template.spec)) return [unreadable(object, template.spec)];
    const engine = engineOf(template);
    return containersOf(template).flatMap((container) => [
      ...checkMembership(object, container, engine, settings),
      ...checkCommands(object, container, template),
    ]);
  },
};

/** The one engine of a pod: of several containers that look like one, the first that holds a GPU. */
function engineOf(template: PodTemplate): Container | undefined {
  const engines = containersOf(template)
    .filter(({ list }) => list === "containers")
    .filter(({ field }) => ["vllm", "other-engine", "gpu"].includes(engineClass(field)));
  return engines.find(({ field }) => requestsGpu(field)) ?? engines[0];
}

function checkMembership(
  object: KubeObject,
  container: Container,
  engine: Container | undefined,
  settings: Settings,
): readonly Violation[] {
  const { field, list } = container;
  if (isUnreadable(field)) return [unreadable(object, field)];
  if (field.path === engine?.field.path) return [];
  const name = get(field, "name");
  if (isUnreadable(name)) return [unreadable(object, name)];
  if (list === "ephemeralContainers") {
    const problem = "debugs a model from inside its pod";
    return [violation(object, field, problem, "remove the ephemeral container")];
  }
  if (isVerifier(container, settings)) return [];
  if (settings.policies.containers.includes(textOf(name) ?? "")) return [];
  const shown = textOf(name) ?? "(no name)";
  return [
    violation(object, name, `"${shown}" is ${roleOf(container)} that the stack does not name`),
  ];
}

function roleOf({ field, list }: Container): string {
  if (list === "containers") return "a container beside the engine";
  return get(field, "restartPolicy").value === "Always" ? "a sidecar" : "an init container";
}

function checkCommands(
  object: KubeObject,
  { field }: Container,
  { spec }: PodTemplate,
): readonly Violation[] {
  if (isUnreadable(field)) return [];
  return commandFaults(field, spec).map((fault) => at(object, fault.field, fault.problem));
}

const commandRemedy =
  "start the engine itself, without a shell; fetch nothing at run time; wait with a sleep hook, and ask the engine over its own port with httpGet or with this product's one-token check";

function at(object: KubeObject, field: Field, problem: string): Violation {
  return isUnreadable(field)
    ? unreadable(object, field)
    : violation(object, field, problem, commandRemedy);
}
