import {
  exposingResources,
  type GroupResources,
  innerServiceTypes,
  referenceGrant,
} from "../../data/exposure.ts";
import { meshGroups } from "../../data/mesh.ts";
import type { Settings } from "../../model/settings.ts";
import { items, list, text } from "../cel.ts";
import type { AdmissionCheck } from "../check.ts";
import type { Scope } from "../scope.ts";
import { resourceRule, type Target, writes } from "../target.ts";

/** Services of an inference namespace: names inside for pods inside. */
export function services(scope: Scope): Target {
  return {
    name: "services",
    namespaces: scope.inference,
    resourceRules: [resourceRule({ group: "", resources: ["services"] }, writes)],
    checks: [
      {
        rule: "E13",
        holds: 'object.spec.?type.orValue("") != "ExternalName"',
        problem: "is a name for something outside the cluster",
        remedy: "remove the Service; pods of this namespace reach nothing outside",
      },
      {
        rule: "E13",
        holds: `size(${items("object.spec", "externalIPs")}) == 0`,
        problem: "answers at addresses that are not the cluster's",
        remedy: "remove spec.externalIPs",
      },
      {
        rule: "E14",
        holds: `object.spec.?type.orValue(${text(innerServiceTypes[0])}) in ${list([...innerServiceTypes, "ExternalName"])}`,
        problem: "can be reached from outside the cluster",
        remedy: `set type: ${innerServiceTypes.join(" or ")}; the gateway is the only way in`,
      },
    ],
  };
}

/** Addresses behind Services: those of pods, whoever writes them down. */
export function endpoints(scope: Scope, { network }: Settings): Target {
  // Without declared ranges no address is known to be a pod's.
  const isPod = (address: string) =>
    network === undefined
      ? "false"
      : `isIP(${address}) && cidr(${text(network.podCidr)}).containsIP(${address})`;
  const common = {
    rule: "E13",
    problem: "holds addresses that are not those of pods",
    remedy:
      "let Kubernetes fill it in by a selector; the range of pods is cluster.network.podCidr of the stack file",
  };
  const subsets = items("dyn(object)", "subsets");
  const ips = (field: string) => `${items("s", field)}.all(a, ${isPod("a.ip")})`;
  return {
    name: "endpoints",
    namespaces: scope.inference,
    resourceRules: [
      resourceRule({ group: "", resources: ["endpoints"] }, writes),
      resourceRule({ group: "discovery.k8s.io", resources: ["endpointslices"] }, writes),
    ],
    checks: [
      {
        ...common,
        holds: `object.kind != "Endpoints" || ${subsets}.all(s, ${ips("addresses")} && ${ips("notReadyAddresses")})`,
      },
      {
        ...common,
        holds: `object.kind != "EndpointSlice" || ${items("dyn(object)", "endpoints")}.all(e, ${items("e", "addresses")}.all(a, ${isPod("a")}))`,
      },
    ],
  };
}

/** Ways from outside to a Service, and objects that make a mesh carry its traffic. */
export function routes(scope: Scope, { gatewayNamespace }: Settings): Target {
  const mesh: GroupResources[] = meshGroups.map((group) => ({ group, resources: ["*"] }));
  const ofMesh = `request.resource.group in ${list(meshGroups)}`;
  const exposed: AdmissionCheck = {
    rule: "E14",
    holds: `${ofMesh} || ${grantsGateway(gatewayNamespace)}`,
    problem: "leads callers from outside to an inference namespace",
    remedy: "route to the gateway; it is the only way in",
  };
  return {
    name: "routes",
    namespaces: scope.inference,
    resourceRules: [...exposingResources, ...mesh].map((each) => resourceRule(each, writes)),
    checks: [
      exposed,
      {
        rule: "E19",
        holds: `!(${ofMesh})`,
        problem: "makes a service mesh carry traffic past the network policies",
        remedy: "remove it; no mesh belongs in an inference namespace",
      },
    ],
  };
}

/** The gateway may name Services of this namespace as its backends. */
function grantsGateway(gateway: string | undefined): string {
  if (gateway === undefined) return "false";
  const { group, kind } = referenceGrant;
  return `(request.resource.group == ${text(group)} && object.kind == ${text(kind)} && dyn(object).spec.from.all(f, f.namespace == ${text(gateway)}))`;
}
