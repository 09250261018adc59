import {
  bootstrapConfigMap,
  closedGateway,
  egressGateway,
  limitsService,
  openGateway,
  routeController,
} from "../../components/gateway/names.ts";
import type { Analysis } from "../egress/analyze.ts";
import { beyond, inWords, nameOf } from "../egress/inference.ts";
import { namedNamespaces } from "../egress/policy-rules.ts";
import type { Peer } from "../egress/read/network-policy-rule.ts";
import type { Workload } from "../egress/read/workloads.ts";
import { block, uniteAddresses } from "../egress/sets/addresses.ts";
import { portsOf } from "../egress/sets/ports.ts";
import { isNowhere, nowhere, type Region, region } from "../egress/sets/region.ts";
import { isKind } from "../kubernetes/api-groups.ts";
import { podTemplate } from "../kubernetes/pod-templates.ts";
import { isInferenceNamespace } from "../kubernetes/scope.ts";
import { elements, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { unreadable, violation } from "../model/violation.ts";
import { limitsWayFaults } from "./limits-ways.ts";
import { isPart } from "./parts.ts";

/** Ports of an API server, on its Service and on its machines. */
const apiServerPorts = [443, 6443];

/** What the pods of the gateway may reach that they must not. */
export function wayFaults(analysis: Analysis, settings: Settings): readonly Violation[] {
  const own = analysis.workloads.filter(({ namespace }) => namespace === settings.gatewayNamespace);
  return own.flatMap((workload) => [
    ...outside(analysis, workload, settings),
    ...limitsWayFaults(analysis, workload, settings),
    ...(isPart(workload.object, closedGateway)
      ? [...closedReach(analysis, workload, settings), ...otherFiles(workload)]
      : []),
    ...(isPart(workload.object, egressGateway) ? callers(analysis, workload, settings) : []),
    ...(isPart(workload.object, egressGateway) || isPart(workload.object, openGateway)
      ? []
      : towardsEgress(analysis, workload)),
  ]);
}

/** Only the egress gateway has a way out; the controller reaches the API server alone. */
function outside(analysis: Analysis, workload: Workload, settings: Settings): readonly Violation[] {
  if (isPart(workload.object, egressGateway)) return [];
  const allowed = isPart(workload.object, routeController) ? apiServer(settings) : nowhere;
  const { region: reached, because } = analysis.external(workload);
  if (isNowhere(beyond(reached, allowed))) return [];
  const toApiServer = isPart(workload.object, routeController);
  return because
    .filter(({ opens }) => !isNowhere(beyond(opens, allowed)))
    .filter(({ object }) => !(toApiServer && isApiServer(object)))
    .map(({ object, path, reason, opens }) => ({
      resource: (object ?? workload.object).resource,
      path,
      problem: `${reason}; ${nameOf(workload)} may send to ${inWords(beyond(opens, allowed))}, and only ${egressGateway} may leave`,
    }));
}

/** Addresses that the API server itself keeps behind its Service, wherever its machines are. */
function isApiServer(object: KubeObject | undefined): boolean {
  return (
    object !== undefined &&
    object.namespace === "default" &&
    object.name === "kubernetes" &&
    (isKind(object, "Endpoints") || isKind(object, "EndpointSlice"))
  );
}

function apiServer({ network }: Settings): Region {
  if (network === undefined) return nowhere;
  const ranges = uniteAddresses([block(network.nodeCidr), block(network.serviceCidr)]);
  const ports = apiServerPorts.map((port) => ({
    protocol: "TCP" as const,
    fromPort: port,
    toPort: port,
  }));
  return region(ranges, portsOf(ports));
}

/** What of the gateway the closed proxy asks; none of them passes anything on. */
const asked: readonly string[] = [routeController, limitsService, closedGateway];

/** Models and those it asks; of whoever else nobody knows what they pass on. */
function closedReach(
  analysis: Analysis,
  workload: Workload,
  settings: Settings,
): readonly Violation[] {
  const reached = analysis
    .neighbours(workload)
    .filter(({ workload: { object, namespace } }) => {
      if (isInferenceNamespace(namespace, settings)) return false;
      const inside = namespace === settings.gatewayNamespace;
      return !(inside && asked.some((part) => isPart(object, part)));
    })
    .map(({ workload: other }) => ({
      resource: workload.object.resource,
      path: "metadata.name",
      problem: `may reach ${nameOf(other)}, which is neither a model, the route controller nor the rate-limit service`,
    }));
  const strangers = analysis.egressRules(workload).flatMap(({ policy, rule }) =>
    rule.peers === "all"
      ? []
      : rule.peers
          .filter((peer) => !isOf(peer, [...inferenceOf(settings), settings.gatewayNamespace]))
          .map((peer) => ({
            resource: policy.object.resource,
            path: peer.path,
            problem: `lets ${nameOf(workload)} reach pods that are no models of the stack`,
          })),
  );
  return [...reached, ...strangers];
}

function inferenceOf({ inferenceNamespaces }: Settings): readonly string[] {
  return inferenceNamespaces === "every" ? [] : [...inferenceNamespaces];
}

/** Pods of these namespaces alone; addresses are judged as a way out. */
function isOf(peer: Peer, allowed: readonly (string | undefined)[]): boolean {
  if (peer.kind === "addresses" || peer.namespaces === undefined) return true;
  return namedNamespaces(peer.namespaces)?.every((name) => allowed.includes(name)) === true;
}

/** Whatever else its pods read could configure the proxy. */
function otherFiles({ object }: Workload): readonly Violation[] {
  const template = podTemplate(object);
  const volumes = template === undefined ? [] : elements(get(template.spec, "volumes"));
  return volumes
    .flatMap((volume) => [
      get(volume, "configMap"),
      ...elements(get(volume, "projected", "sources")).map((source) => get(source, "configMap")),
    ])
    .filter(({ value }) => value !== undefined)
    .map((reference) => get(reference, "name"))
    .filter((name) => textOf(name) !== bootstrapConfigMap(closedGateway))
    .map((name) =>
      isUnreadable(name)
        ? unreadable(object, name)
        : violation(object, name, "is a configuration of which no rule knows that it stays inside"),
    );
}

/** The egress gateway takes plain HTTP from the open proxy, so nobody else may come near it. */
function callers(analysis: Analysis, workload: Workload, settings: Settings): readonly Violation[] {
  const governing = analysis.ingressPolicies(workload);
  const { resource } = workload.object;
  if (governing === undefined || governing.isolated !== "yes") {
    const problem = "is open to every connection, since no policy certainly governs its ingress";
    return [{ resource, path: "metadata.name", problem }];
  }
  const allowed = [settings.gatewayNamespace, settings.monitoringNamespace];
  return governing.rules.flatMap(({ policy, rule }): readonly Violation[] => {
    const faults =
      rule.peers === "all"
        ? [rule.path]
        : rule.peers
            .filter((peer) => peer.kind === "addresses" || !isOf(peer, allowed))
            .map(({ path }) => path);
    return faults.map((path) => ({
      resource: policy.object.resource,
      path,
      problem: `lets others than the gateway and Prometheus connect to ${nameOf(workload)}`,
    }));
  });
}

function towardsEgress(analysis: Analysis, workload: Workload): readonly Violation[] {
  return analysis
    .neighbours(workload)
    .filter(({ workload: other }) => isPart(other.object, egressGateway))
    .filter(({ workload: other }) => other.namespace === workload.namespace)
    .map(() => ({
      resource: workload.object.resource,
      path: "metadata.name",
      problem: `may reach ${egressGateway}, which only the proxy of public classes may`,
    }));
}
