import { gpuDeviceClasses, networkDefinitions } from "../../kubernetes/secondary-networks.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, items, list } from "../cel.ts";
import type { Scope } from "../scope.ts";
import { resourceRule, type Target, writes } from "../target.ts";

/** Definitions of networks that pods beside a model could join, by the kinds that rules know. */
export function secondaryNetworks(scope: Scope, { policies }: Settings): Target {
  const keys = Object.keys(networkDefinitions).map((key) => key.split("/"));
  const groups = [...new Set(keys.map(([group = ""]) => group))];
  return {
    name: "secondary-networks",
    namespaces: scope.closed,
    resourceRules: groups.map((group) => resourceRule({ group, resources: ["*"] }, writes)),
    conditions: [
      {
        name: "defines-a-network",
        expression: `object.kind in ${list(keys.map(([, kind = ""]) => kind))} && object.metadata.?namespace.orValue("") != ""`,
      },
    ],
    checks: [
      {
        rule: "E18",
        holds: `(request.namespace + "/" + object.metadata.name) in ${list(policies.secondaryNetworks)}`,
        problem: "defines a network that pods beside a model could join",
        remedy: "remove it, or list it in policies.secondaryNetworks",
      },
    ],
  };
}

/** Devices of dynamic resource allocation, which may be network cards as well. */
export function deviceClaims(scope: Scope, { policies }: Settings): Target {
  const spec = "dyn(object).?spec.?spec.or(dyn(object).?spec)";
  const requests = items(spec, "devices", "requests");
  const allowed = list([...gpuDeviceClasses, ...policies.secondaryNetworks]);
  const known = (holder: string) => `${holder}.?deviceClassName.orValue("") in ${allowed}`;
  const any = "r.?exactly.hasValue() || r.?firstAvailable.hasValue()";
  return {
    name: "device-claims",
    namespaces: scope.closed,
    resourceRules: [
      resourceRule(
        { group: "resource.k8s.io", resources: ["resourceclaims", "resourceclaimtemplates"] },
        writes,
      ),
    ],
    checks: [
      {
        rule: "E18",
        holds: `${requests}.all(r, ${allOf([
          `!r.?exactly.hasValue() || ${known("r.?exactly")}`,
          `${items("r", "firstAvailable")}.all(f, ${known("f")})`,
          `${any} || ${known("r")}`,
        ])})`,
        problem: "claims a device that is no GPU and may be a network card",
        remedy: "remove the request, or list its class in policies.secondaryNetworks",
      },
    ],
  };
}
