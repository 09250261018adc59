import type { StackRule } from "../../model/rule.ts";
import { checkCustomResource } from "./opaque/custom-resources.ts";
import { checkIgnoredChanges } from "./opaque/ignored-changes.ts";
import { checkPatch } from "./opaque/patches.ts";
import { checkSource } from "./opaque/sources.ts";
import { checkWebhooks } from "./opaque/webhooks.ts";

export const noOpaqueSources: StackRule = {
  id: "C02",
  name: "no-opaque-sources",
  level: "stack",
  description:
    "Everything that can make a pod or open a way out is in the graph as an object that the rules can read.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy:
    "declare the objects themselves, or expand the source so that its objects are in the graph",
  check: (graph, settings) => {
    const parents = new Set(graph.resources.map((resource) => resource.parent));
    return [
      ...graph.resources.flatMap((resource) => checkSource(resource, parents)),
      ...graph.objects.flatMap((object) => [
        ...checkPatch(object),
        ...checkCustomResource(object, settings),
        ...checkWebhooks(object),
      ]),
      ...checkIgnoredChanges(graph),
    ];
  },
};
