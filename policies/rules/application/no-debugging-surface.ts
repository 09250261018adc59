import { enginesOf } from "../../kubernetes/engine-settings.ts";
import { topicViolations } from "../../kubernetes/engine-topics.ts";
import type { ResourceRule } from "../../model/rule.ts";

export const noDebuggingSurface: ResourceRule = {
  id: "A07",
  name: "no-debugging-surface",
  level: "resource",
  description:
    "No inference engine opens what developers need and clients must not have: development mode, profiler, adapters at run time, insecure serialisation, tensors from clients.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.312(c)(1)"] },
  remedy: "remove the setting, so that the engine serves prompts and nothing else",
  check: (object, settings) =>
    enginesOf(object, settings).flatMap((engine) => topicViolations(object, engine, "surface")),
};
