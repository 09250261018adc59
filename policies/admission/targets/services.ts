import { compareText } from "../../../components/lib/compare-text.ts";
import { type GroupResources, innerServiceTypes, pluginGroups } from "../../data/exposure.ts";
import { meshGroups } from "../../data/mesh.ts";
import { exposingAnnotations, gatewayGroups, proxyGroups } from "../../kubernetes/routes.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, anyOf, items, list, part, text } from "../cel.ts";
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
      {
        rule: "E14",
        holds: `!${part("object.metadata", "annotations")}.exists(k, k in ${list(exposingAnnotations)})`,
        problem: "has an annotation by which a controller opens a way in from outside",
        remedy: "remove the annotation",
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

/**
 * Ways from outside to a Service, and objects that make a mesh carry its traffic. A route of the Gateway API
 * may lie beside the models where every gateway that serves it is the one of the stack.
 */
export function routes(scope: Scope, { gatewayNamespace }: Settings): Target {
  const groups = [...gatewayGroups, ...proxyGroups, ...meshGroups].toSorted(compareText);
  const resources: GroupResources[] = [
    { group: "networking.k8s.io", resources: ["ingresses"] },
    { group: "extensions", resources: ["ingresses"] },
    ...[...new Set(groups)].map((group) => ({ group, resources: pluginGroups[group] ?? ["*"] })),
  ];
  const ofMesh = `request.resource.group in ${list(meshGroups)}`;
  return {
    name: "routes",
    namespaces: scope.inference,
    resourceRules: resources.map((each) => resourceRule(each, writes)),
    checks: [
      {
        rule: "E14",
        holds: `${ofMesh} || ${byOwnGateway(gatewayNamespace)}`,
        problem: "leads callers from outside to an inference namespace",
        remedy: "route to it from the gateway of the stack; that is the only way in",
      },
      {
        rule: "E19",
        holds: `!(${ofMesh})`,
        problem: "makes a service mesh carry traffic past the network policies",
        remedy: "remove it; no mesh belongs in an inference namespace",
      },
    ],
  };
}

function byOwnGateway(gateway: string | undefined): string {
  if (gateway === undefined) return "false";
  const parents = items("dyn(object)", "spec", "parentRefs");
  const own = `p.?kind.orValue("Gateway") == "Gateway" && p.?namespace.orValue(request.namespace) == ${text(gateway)}`;
  return allOf([
    `request.resource.group in ${list(gatewayGroups)}`,
    anyOf([
      `object.kind == "ReferenceGrant" && ${items("dyn(object)", "spec", "from")}.all(f, f.namespace == ${text(gateway)})`,
      `object.kind.endsWith("Route") && size(${parents}) > 0 && ${parents}.all(p, ${own})`,
    ]),
  ]);
}
