import { groupOf } from "../../kubernetes/api-groups.ts";
import { enginesOf } from "../../kubernetes/engine-settings.ts";
import { topicViolations } from "../../kubernetes/engine-topics.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { violation } from "../../model/violation.ts";

export const noToolServer: ResourceRule = {
  id: "A06",
  name: "no-tool-server",
  level: "resource",
  description:
    "No inference engine and no gateway lets a model call tools itself: no tool server, no MCP server, no browser, no code interpreter.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { gdpr: ["32"] },
  remedy: "leave tool calls to the client that sent the prompt",
  check: (object, settings) => [
    ...toolRoutes(object),
    ...enginesOf(object, settings).flatMap((engine) => topicViolations(object, engine, "tools")),
  ],
};

/** Custom resources that put tools behind a model, by group and kind. */
const toolKinds: ReadonlySet<string> = new Set([
  "aigateway.envoyproxy.io/MCPRoute",
  "kagent.dev/Agent",
  "kagent.dev/MCPServer",
  "kagent.dev/RemoteMCPServer",
  "kagent.dev/ToolServer",
  "toolhive.stacklok.dev/MCPServer",
]);

function toolRoutes(object: KubeObject): readonly Violation[] {
  if (!toolKinds.has(`${groupOf(object)}/${object.kind}`)) return [];
  const problem = `"${object.kind}" gives a model tools that reach further than its answer`;
  return [violation(object, { path: "kind", value: object.kind }, problem, "remove it")];
}
