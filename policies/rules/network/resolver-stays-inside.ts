import { awsOf, given, ofKind } from "../../cloud/aws.ts";
import { inferenceWorkloads } from "../../egress/inference.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import { inferenceRules, namedNamespaces } from "../../egress/policy-rules.ts";
import type { Workload } from "../../egress/read/workloads.ts";
import { holdsPort, type PortSet } from "../../egress/sets/ports.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { parseText } from "../../kubernetes/config-data.ts";
import { type CorefilePlugin, localPlugins, readCorefile } from "../../kubernetes/corefile.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { type Subject, unreadable, violation } from "../../model/violation.ts";

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
  check: (graph, settings) => [
    ...checkAddon(graph, settings),
    ...checkNamespaces(graph, settings),
    ...checkNeighbours(graph, settings),
  ],
};

/** The resolver of EKS is an add-on, whose own Corefile forwards to the resolver of the VPC. */
function checkAddon(graph: Graph, settings: Settings): readonly Violation[] {
  return ofKind(awsOf(graph), "eks.Addon").flatMap((addon): readonly Violation[] => {
    const name = given(addon, "addonName");
    if (isUnreadable(name)) return [unreadable(addon, name)];
    if (name.value !== "coredns") return [];
    const values = given(addon, "configurationValues");
    if (isUnreadable(values)) return [unreadable(addon, values)];
    const corefile = corefileOf(values);
    if (corefile !== undefined) return checkCorefile(addon, corefile, settings);
    const problem = "holds no corefile, and the add-on's own forwards to the resolver of the VPC";
    return [violation(addon, values, problem, "set corefile in it, without forward")];
  });
}

function corefileOf(values: Field): Field | undefined {
  const [parsed] = parseText(textOf(values) ?? "", values.path);
  if (parsed === undefined || isUnreadable(parsed)) return undefined;
  const corefile = textOf(get(parsed, "corefile"));
  return corefile === undefined ? undefined : { path: values.path, value: corefile };
}

/** Resolvers that a rule leads to, whether or not their pods are in the graph. */
function checkNamespaces(graph: Graph, settings: Settings): readonly Violation[] {
  return inferenceRules(analysisOf(graph, settings), settings, "Egress")
    .filter(({ rule }) => asksNames(rule.ports))
    .flatMap(({ policy, rule }) => {
      if (rule.peers === "all") return [];
      return rule.peers.flatMap((peer) => {
        if (peer.kind !== "pods" || peer.namespaces === undefined) return [];
        const namespaces = namedNamespaces(peer.namespaces) ?? [];
        return namespaces.flatMap((namespace) => {
          const place = { resource: policy.object.resource, path: peer.path };
          return checkResolver(namespace, place, graph, settings);
        });
      });
    });
}

function checkNeighbours(graph: Graph, settings: Settings): readonly Violation[] {
  const analysis = analysisOf(graph, settings);
  const resolvers = new Set<Workload>();
  for (const workload of inferenceWorkloads(analysis, settings)) {
    for (const { workload: next, ports } of analysis.neighbours(workload)) {
      if (asksNames(ports) && answersNames(next)) resolvers.add(next);
    }
  }
  return [...resolvers].flatMap((resolver) => {
    const place = { resource: resolver.object.resource, path: "metadata.name" };
    return checkResolver(resolver.namespace, place, graph, settings);
  });
}

function asksNames(ports: PortSet): boolean {
  return holdsPort(ports, "UDP", dnsPort) || holdsPort(ports, "TCP", dnsPort);
}

/** A pod whose ports nobody stated may answer names; one with ports does if 53 is among them. */
function answersNames({ namedPorts, unnamedPorts, morePorts }: Workload): boolean {
  const stated = [...namedPorts.values(), unnamedPorts];
  const known = stated.some((ports) => ports.key !== ";;");
  return morePorts || !known || stated.some(asksNames);
}

function checkResolver(
  namespace: Workload["namespace"],
  place: Pick<Violation, "resource" | "path">,
  graph: Graph,
  settings: Settings,
): readonly Violation[] {
  const corefiles = graph.objects
    .filter((object) => isKind(object, "ConfigMap") && object.namespace === namespace)
    .map((object) => ({ object, field: get(rootField(object.body), "data", "Corefile") }))
    .filter(({ field }) => field.value !== undefined);
  if (corefiles.length > 0) {
    return corefiles.flatMap(({ object, field }) => checkCorefile(object, field, settings));
  }
  const problem = `leads to a resolver in "${String(namespace)}", which holds no Corefile that says whom it asks`;
  return [{ ...place, problem }];
}

function checkCorefile(object: Subject, field: Field, settings: Settings): readonly Violation[] {
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
