import { isInside, isLoopback } from "../../kubernetes/addresses.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import { podSpecOf } from "../../kubernetes/pod-spec.ts";
import { inInfrastructure } from "../../kubernetes/scope.ts";
import { elements, type Field, get, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

const policyRemedy =
  'remove dnsPolicy, or set it to "None" with nameservers of policies.privateResolvers';

export const privatePodDns: ResourceRule = {
  id: "W09",
  name: "private-pod-dns",
  level: "resource",
  description:
    "Every pod outside the infrastructure namespaces asks the cluster's resolver or a private one for names, and has no name that leads outside written into it, but that of the source of weights where they are staged.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy: "leave names to the cluster's resolver",
  check: (object, settings) => {
    const spec = podSpecOf(object);
    if (spec === undefined || inInfrastructure(object, settings)) return [];
    if (isUnreadable(spec)) return [unreadable(object, spec)];
    return [
      ...checkPolicy(object, spec),
      ...checkNameservers(object, spec, settings),
      ...elements(get(spec, "hostAliases")).flatMap((alias) => checkAlias(object, alias, settings)),
    ];
  },
};

/**
 * `Default` means the resolver of the node, which knows the world. In the node's own network
 * `ClusterFirst` means the same, and `ClusterFirstWithHostNet` the cluster's resolver.
 */
function checkPolicy(object: KubeObject, spec: Field): readonly Violation[] {
  const policy = get(spec, "dnsPolicy");
  const shares = get(spec, "hostNetwork").value;
  const ofNode = shares !== undefined && shares !== false;
  const allowed = [
    "ClusterFirstWithHostNet",
    "None",
    ...(ofNode ? [] : ["ClusterFirst", undefined]),
  ];
  return demandOneOf(object, policy, allowed, policyRemedy);
}

/** Nameservers of a pod are asked beside those of the cluster, whatever its policy. */
function checkNameservers(
  object: KubeObject,
  spec: Field,
  settings: Settings,
): readonly Violation[] {
  const servers = get(spec, "dnsConfig", "nameservers");
  const listed = elements(servers);
  if (get(spec, "dnsPolicy").value === "None" && listed.length === 0) {
    return [violation(object, servers, "is empty, so the pod has no resolver", policyRemedy)];
  }
  return listed.flatMap((server) => {
    if (isUnreadable(server)) return [unreadable(object, server)];
    const address = textOf(server) ?? "";
    if (settings.policies.privateResolvers.includes(address)) return [];
    const problem = `"${address}" is no resolver that the stack names`;
    return [
      violation(object, server, problem, "remove it, or list it in policies.privateResolvers"),
    ];
  });
}

function checkAlias(object: KubeObject, alias: Field, settings: Settings): readonly Violation[] {
  const ip = get(alias, "ip");
  if (isUnreadable(ip)) return [unreadable(object, ip)];
  const address = textOf(ip) ?? "";
  if (isLoopback(address) || isInside(address, settings)) return [];
  // It may reach that address alone (E20), and so has nobody whom it could ask for its name.
  const { staging } = settings;
  if (object.namespace === staging?.namespace && address === staging?.source?.address) return [];
  const problem = `"${address}" gives a name to an address outside the cluster's ranges`;
  return [violation(object, ip, problem, "remove the alias")];
}
