import { systemNamespaces } from "../../../components/lib/stack/namespaces.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import { mayLandOnGpuNode } from "../../kubernetes/placement.ts";
import { podSpecOf } from "../../kubernetes/pod-spec.ts";
import { containerLists } from "../../kubernetes/pod-templates.ts";
import { inInference, inInfrastructure } from "../../kubernetes/scope.ts";
import { elements, type Field, get, isUnreadable } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const noHostNetwork: ResourceRule = {
  id: "E15",
  name: "no-host-network",
  level: "resource",
  description:
    "No inference pod shares the network of its node or opens a port of it, and on GPU nodes only this product's infrastructure and named DaemonSets do.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { cis: ["5.2.5", "5.2.13"], nsa: ["Pod"] },
  remedy: "remove hostNetwork and hostPort; a Service reaches the pod",
  check: (object, settings) => {
    const spec = podSpecOf(object);
    if (spec === undefined) return [];
    if (inInference(object, settings)) return checkInference(object, spec);
    return isOwnInfrastructure(object, settings) ? [] : checkNeighbour(object, spec, settings);
  },
};

function checkInference(object: KubeObject, spec: Field): readonly Violation[] {
  if (isUnreadable(spec)) return [unreadable(object, spec)];
  const containers = containerLists.flatMap((list) => elements(get(spec, list)));
  return [
    ...demandOneOf(
      object,
      get(spec, "hostNetwork"),
      [undefined, false],
      "remove hostNetwork: no network policy reaches a pod in the network of its node",
    ),
    ...containers
      .flatMap((container) => elements(get(container, "ports")))
      .flatMap((port) =>
        demandOneOf(
          object,
          get(port, "hostPort"),
          [undefined, 0],
          "remove hostPort, use a Service",
        ),
      ),
  ];
}

/** Namespaces that this product makes for infrastructure; those of Kubernetes itself are shared with others. */
function isOwnInfrastructure(object: KubeObject, settings: Settings): boolean {
  const shared = systemNamespaces.some((name) => name === object.namespace);
  return inInfrastructure(object, settings) && !shared;
}

/**
 * A pod always reaches the node it runs on, whatever policies say: a program in the network of a GPU
 * node is a neighbour that every model on it can talk to, and it has that node's way out.
 */
function checkNeighbour(object: KubeObject, spec: Field, settings: Settings): readonly Violation[] {
  const hostNetwork = get(spec, "hostNetwork");
  if (hostNetwork.value === undefined || hostNetwork.value === false) return [];
  if (!mayLandOnGpuNode(spec) || isListed(object, settings)) return [];
  if (isUnreadable(hostNetwork)) return [unreadable(object, hostNetwork)];
  const problem = "puts a program that nobody named into the network of GPU nodes";
  return [
    violation(
      object,
      hostNetwork,
      problem,
      "remove hostNetwork or the toleration of the GPU taint, or list the DaemonSet in policies.hostNetworkDaemonSets",
    ),
  ];
}

function isListed(object: KubeObject, settings: Settings): boolean {
  if (!isKind(object, "DaemonSet")) return false;
  const name = `${String(object.namespace)}/${String(object.name)}`;
  return settings.policies.hostNetworkDaemonSets.includes(name);
}
