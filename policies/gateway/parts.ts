import {
  bootstrapConfigMap,
  closedGateway,
  desiredConfigMap,
  egressGateway,
  limitsService,
  openGateway,
  routeController,
} from "../../components/gateway/names.ts";
import { compareText } from "../../components/lib/compare-text.ts";
import { isKind } from "../kubernetes/api-groups.ts";
import { isWorkload } from "../kubernetes/pod-templates.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Graph } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { unknown } from "../model/value.ts";

/** The product's own gateway in a graph, known by the names of its parts. */
export interface GatewayParts {
  readonly namespace: string;
  readonly desired: readonly KubeObject[];
  readonly closedMaps: readonly KubeObject[];
  readonly egressMaps: readonly KubeObject[];
  /** What the rate-limit service limits. */
  readonly limitMaps: readonly KubeObject[];
  /** Whatever makes pods in the namespace. */
  readonly workloads: readonly KubeObject[];
  /** An object to report what is missing at. */
  readonly first: KubeObject;
}

const proxies: readonly string[] = [openGateway, closedGateway, egressGateway];

/** `undefined` where a stack has no gateway of the product. */
export function gatewayParts(graph: Graph, settings: Settings): GatewayParts | undefined {
  const namespace = settings.gatewayNamespace;
  if (namespace === undefined) return undefined;
  const inside = graph.objects.filter((object) => object.namespace === namespace);
  const maps = inside.filter((object) => isKind(object, "ConfigMap"));
  const named = (name: string) => maps.filter((object) => object.name === name);
  const workloads = inside.filter(isWorkload);
  const own = [
    ...named(desiredConfigMap),
    ...proxies.flatMap((proxy) => named(bootstrapConfigMap(proxy))),
    ...workloads.filter(({ name }) => [...proxies, routeController].includes(String(name))),
  ];
  // Whatever the order of the graph.
  const [first] = own.toSorted((a, b) => compareText(a.resource.urn, b.resource.urn));
  if (first === undefined) return undefined;
  return {
    namespace,
    desired: named(desiredConfigMap),
    closedMaps: named(bootstrapConfigMap(closedGateway)),
    egressMaps: named(bootstrapConfigMap(egressGateway)),
    limitMaps: named(limitsService),
    workloads,
    first,
  };
}

/** Whether an object is, or may be, the part of this name. */
export function isPart({ name, kind }: KubeObject, part: string): boolean {
  return name !== unknown && kind === "Deployment" && name === part;
}
