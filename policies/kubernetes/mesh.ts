import { elements, type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { groupOf } from "./api-groups.ts";
import { type ConfigText, documentsOf } from "./config-data.ts";
import { demandOneOf } from "./demands.ts";
import { endpointOf, type Inside, isInside } from "./hosts.ts";

const registryOnly = 'set outboundTrafficPolicy: {mode: "REGISTRY_ONLY"}';

/** Objects of service meshes that open a way to hosts outside, or change a proxy beyond what rules read. */
export function checkMeshObject(object: KubeObject, inside: Inside): readonly Violation[] {
  const root = rootField(object.body);
  const spec = get(root, "spec");
  switch (`${groupOf(object)}/${object.kind}`) {
    case "networking.istio.io/Sidecar": {
      const mode = get(spec, "outboundTrafficPolicy", "mode");
      return demandOneOf(object, mode, [undefined, "REGISTRY_ONLY"], registryOnly);
    }
    case "networking.istio.io/ServiceEntry":
      return demandOneOf(
        object,
        get(spec, "location"),
        ["MESH_INTERNAL"],
        "remove the ServiceEntry, or make it one of a service inside",
      );
    case "networking.istio.io/WorkloadEntry":
      return checkHost(object, get(spec, "address"), inside);
    case "install.istio.io/IstioOperator":
      return checkMeshConfig(object, get(spec, "meshConfig"));
    case "sailoperator.io/Istio":
      return checkMeshConfig(object, get(spec, "values", "meshConfig"));
    case "networking.istio.io/EnvoyFilter":
    case "gateway.envoyproxy.io/EnvoyPatchPolicy":
    case "cilium.io/CiliumEnvoyConfig":
    case "cilium.io/CiliumClusterwideEnvoyConfig":
      return refuse(object, "changes a proxy in ways that no rule can read");
    case "cilium.io/CiliumEgressGatewayPolicy":
    case "policy.linkerd.io/EgressNetwork":
      return refuse(object, "opens a way out of the cluster");
    case "gateway.envoyproxy.io/Backend":
      return checkBackend(object, spec, inside);
    default:
      return [];
  }
}

function refuse(object: KubeObject, problem: string): readonly Violation[] {
  return [violation(object, { path: "kind", value: object.kind }, problem, "remove it")];
}

/** Istio sends unknown hosts on unless it is told not to. */
export function checkMeshConfig(object: KubeObject, config: Field): readonly Violation[] {
  const mode = get(config, "outboundTrafficPolicy", "mode");
  return demandOneOf(object, mode, ["REGISTRY_ONLY"], registryOnly);
}

/** The ConfigMap that Istio reads its mesh from. */
export function checkMeshFile(file: ConfigText): readonly Violation[] {
  if (file.key !== "mesh") return [];
  return documentsOf(file).flatMap((document) => checkMeshConfig(file.object, document));
}

function checkBackend(object: KubeObject, spec: Field, inside: Inside): readonly Violation[] {
  const type = get(spec, "type");
  return [
    ...demandOneOf(object, type, [undefined, "Endpoints"], "name the endpoints of the backend"),
    ...elements(get(spec, "endpoints")).flatMap((endpoint) =>
      [get(endpoint, "fqdn", "hostname"), get(endpoint, "ip", "address")]
        .filter(({ value }) => value !== undefined)
        .flatMap((host) => checkHost(object, host, inside)),
    ),
  ];
}

function checkHost(object: KubeObject, host: Field, inside: Inside): readonly Violation[] {
  if (isUnreadable(host)) return [unreadable(object, host)];
  const endpoint = endpointOf(textOf(host) ?? "");
  if (endpoint !== undefined && isInside(endpoint, inside, [])) return [];
  return [violation(object, host, "is a host outside the cluster", "remove it")];
}

const ambientLabel = "istio.io/dataplane-mode";

/** In ambient mode traffic travels on one port of the node, where no network policy tells it apart. */
export function checkAmbient(object: KubeObject, labels: Field): readonly Violation[] {
  const mode = get(labels, ambientLabel);
  return demandOneOf(object, mode, [undefined, "none"], `remove the label ${ambientLabel}`);
}
