import { meshKeys } from "../../data/mesh.ts";
import { gpuResource } from "../../kubernetes/devices.ts";
import { multusKeys, networkKeys, notedKeys } from "../../kubernetes/secondary-networks.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, anyOf, items, list, part, string, text } from "../cel.ts";
import { type AdmissionCheck, eachContainer, eachHolds, meshFree } from "../check.ts";
import { matches } from "../engines/variables.ts";
import { podSpec } from "../pod-template.ts";

const joining = allOf([
  `!${matches("k", notedKeys)}`,
  anyOf(networkKeys.map((pattern) => matches("k", pattern))),
]);

/** CEL: no key of a map of labels or annotations joins a network beside the cluster's own, unless listed. */
export function ownNetworkAlone(map: string, { policies }: Settings): string {
  const allowed = list(policies.secondaryNetworks);
  const named = 'n.split("@")[0].trim()';
  const listed = allOf([
    `k in ${list(multusKeys)}`,
    `${map}[k].split(",").all(n, ${named} in ${allowed} || request.namespace + "/" + ${named} in ${allowed})`,
  ]);
  return `${map}.all(k, !${joining} || ${listed})`;
}

/** Networks, devices that may be network cards, and meshes (E18, E19). */
export function networks(settings: Settings): AdmissionCheck[] {
  const devices = part("dyn(c)", "resources", "limits");
  return [
    ...["variables.annotations", "variables.labels"].map((map) => ({
      rule: "E18",
      holds: ownNetworkAlone(map, settings),
      problem: "joins a network beside the cluster's own, where no network policy holds",
      remedy: "remove the annotation or label, or list the network in policies.secondaryNetworks",
    })),
    eachHolds(
      "E18",
      eachContainer,
      `${devices}.all(k, !k.contains("/") || ${matches("k", gpuResource)} || k in ${list(settings.policies.secondaryNetworks)})`,
      "asks for a device that is no GPU and may be a network card",
      "remove it, or list it in policies.secondaryNetworks",
    ),
    meshFree("variables.labels", "has a label", meshKeys),
    meshFree("variables.annotations", "has an annotation", meshKeys),
  ];
}

/** Who answers a pod's questions for names (W09). */
export function names({ network, policies }: Settings): AdmissionCheck[] {
  const policy = string(podSpec, "dnsPolicy");
  const servers = items(podSpec, "dnsConfig", "nameservers");
  const ranges = [
    ...(network === undefined ? [] : [network.podCidr, network.serviceCidr, network.nodeCidr]),
    ...policies.allowedEgress.map(({ cidr }) => cidr),
    "127.0.0.0/8",
    "::1/128",
  ];
  const inside = anyOf(ranges.map((range) => `cidr(${text(range)}).containsIP(a.ip)`));
  return [
    {
      rule: "W09",
      holds: `${policy} in ["", "ClusterFirst", "None"] && (${policy} != "None" || size(${servers}) > 0)`,
      problem: "asks the resolver of its node, which knows the world",
      remedy: 'remove dnsPolicy, or set it to "None" with nameservers of policies.privateResolvers',
    },
    {
      rule: "W09",
      holds: `${servers}.all(s, s in ${list(policies.privateResolvers)})`,
      problem: "asks a resolver that the stack does not name",
      remedy: "remove it, or list it in policies.privateResolvers",
    },
    {
      rule: "W09",
      holds: `${items(podSpec, "hostAliases")}.all(a, isIP(a.ip) && ${inside})`,
      problem: "gives a name to an address outside the cluster's ranges",
      remedy: "remove the alias",
    },
  ];
}
