import { inferenceWorkloads, nameOf } from "../../egress/inference.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import type { Workload } from "../../egress/read/workloads.ts";
import { holdsPort } from "../../egress/sets/ports.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { type CorefilePlugin, localPlugins, readCorefile } from "../../kubernetes/corefile.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

const dnsPort = 53;

export const resolverStaysInside: StackRule = {
  id: "E07",
  name: "resolver-stays-inside",
  level: "stack",
  description:
    "A resolver that an inference workload can ask answers by itself and asks nobody outside, so that no name carries data away.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["32"] },
  remedy:
    "give inference a resolver of its own, in this stack, whose Corefile forwards nowhere or to policies.privateResolvers; or let it ask for no names",
  check: (graph, settings) => {
    const analysis = analysisOf(graph, settings);
    const resolvers = new Set<Workload>();
    for (const workload of inferenceWorkloads(analysis, settings)) {
      for (const { workload: next, ports } of analysis.neighbours(workload)) {
        const asked = holdsPort(ports, "UDP", dnsPort) || holdsPort(ports, "TCP", dnsPort);
        if (asked && answersNames(next)) resolvers.add(next);
      }
    }
    return [...resolvers].flatMap((each) => check(each, graph, settings));
  },
};

/** A pod whose ports nobody stated may answer names; one with ports does if 53 is among them. */
function answersNames({ namedPorts, unnamedPorts, morePorts }: Workload): boolean {
  const stated = [...namedPorts.values(), unnamedPorts];
  const known = stated.some((ports) => ports.key !== ";;");
  return (
    morePorts ||
    !known ||
    stated.some((ports) => holdsPort(ports, "UDP", dnsPort) || holdsPort(ports, "TCP", dnsPort))
  );
}

function check(resolver: Workload, graph: Graph, settings: Settings): readonly Violation[] {
  const corefiles = graph.objects
    .filter((object) => isKind(object, "ConfigMap") && object.namespace === resolver.namespace)
    .map((object) => ({ object, field: get(rootField(object.body), "data", "Corefile") }))
    .filter(({ field }) => field.value !== undefined);
  if (corefiles.length > 0) {
    return corefiles.flatMap(({ object, field }) => checkCorefile(object, field, settings));
  }
  const { resource } = resolver.object;
  const problem = `${nameOf(resolver)} can be asked for names, and its namespace holds no Corefile that says whom it asks`;
  return [{ resource, path: "metadata.name", problem }];
}

function checkCorefile(object: KubeObject, field: Field, settings: Settings): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(object, field)];
  const plugins = readCorefile(textOf(field) ?? "");
  if (plugins === undefined) {
    const problem = "is no Corefile of plain server blocks, so nobody knows whom it asks";
    return [violation(object, field, problem)];
  }
  return plugins.flatMap((plugin) => {
    const problem = pluginFault(plugin, settings);
    return problem === undefined
      ? []
      : [violation(object, field, `line ${plugin.line}: ${problem}`)];
  });
}

function pluginFault({ name, args }: CorefilePlugin, { policies }: Settings): string | undefined {
  if (localPlugins.has(name)) return undefined;
  if (name !== "forward") return `"${name}" may ask others for an answer`;
  const targets = args.slice(1);
  const outside = targets.filter((target) => !policies.privateResolvers.includes(hostOf(target)));
  if (targets.length > 0 && outside.length === 0) return undefined;
  return `forwards to ${outside.join(", ") || "nobody"}, which is not among policies.privateResolvers`;
}

/** "dns://10.0.0.1:53" and "[fd00::1]:53" are addresses with more around them. */
function hostOf(target: string): string {
  const bare = target.replace(/^(?:dns|tls|grpc|https):\/\//, "");
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(bare)?.[1];
  if (bracketed !== undefined) return bracketed;
  return bare.split(":").length === 2 ? bare.replace(/:\d+$/, "") : bare;
}
