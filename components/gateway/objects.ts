import type * as k8s from "@pulumi/kubernetes";
import { selectorLabels } from "../lib/labels.ts";
import { canonicalJson } from "../lib/migration/canonical.ts";
import { desiredRoutes, type ServedModel } from "../lib/migration/desired.ts";
import type { GatewayConfig } from "../lib/stack/gateway.ts";
import type { ProxyFiles } from "./envoy/files.ts";
import {
  bootstrapConfigMap,
  desiredConfigMap,
  desiredKey,
  egressGateway,
  ports,
  routeController,
} from "./names.ts";
import { type ClientProxy, type Part, type Proxy, partLabels, usedEgressPorts } from "./parts.ts";

/** Small objects around the gateway's pods, each a pure function of the stack. */

export function partMetadata(part: Part, namespace: string) {
  return { namespace, labels: { ...partLabels(part) } };
}

/** No account of these has a token unless its pod asks for one; only the controller's does. */
export function account(part: Part, namespace: string): k8s.core.v1.ServiceAccountArgs {
  return {
    metadata: { name: part, ...partMetadata(part, namespace) },
    automountServiceAccountToken: false,
  };
}

export function configurationMap(
  proxy: Proxy,
  namespace: string,
  files: ProxyFiles,
): k8s.core.v1.ConfigMapArgs {
  return {
    metadata: { name: bootstrapConfigMap(proxy), ...partMetadata(proxy, namespace) },
    data: { ...files },
  };
}

export function desiredMap(
  config: GatewayConfig,
  models: readonly ServedModel[],
  namespace: string,
): k8s.core.v1.ConfigMapArgs {
  return {
    metadata: { name: desiredConfigMap, ...partMetadata(routeController, namespace) },
    data: { [desiredKey]: canonicalJson(desiredRoutes(config, models)) },
  };
}

/** Inside the cluster alone; whoever calls from outside comes by way of the site's own load balancer. */
export function proxyService(proxy: ClientProxy, namespace: string): k8s.core.v1.ServiceArgs {
  return {
    metadata: { name: proxy, ...partMetadata(proxy, namespace) },
    spec: {
      type: "ClusterIP",
      selector: selectorLabels(partLabels(proxy)),
      ports: [
        {
          name: "https",
          port: ports.clients,
          targetPort: "https",
          protocol: "TCP",
          appProtocol: "https",
        },
      ],
    },
  };
}

/** No address of its own: it is there so that the API lists the pods, which the controller hands on. */
export function egressService(config: GatewayConfig, namespace: string): k8s.core.v1.ServiceArgs {
  return {
    metadata: { name: egressGateway, ...partMetadata(egressGateway, namespace) },
    spec: {
      type: "ClusterIP",
      clusterIP: "None",
      selector: selectorLabels(partLabels(egressGateway)),
      ports: usedEgressPorts(config).map((port) => ({
        name: `road-${port}`,
        port,
        targetPort: port,
        protocol: "TCP",
      })),
    },
  };
}

export function controllerService(namespace: string, clusterIP: string): k8s.core.v1.ServiceArgs {
  return pinnedService(routeController, namespace, clusterIP, { name: "xds", port: ports.xds });
}

/** A Service whose address is chosen: those that ask it know it without asking for a name. */
export function pinnedService(
  part: Part,
  namespace: string,
  clusterIP: string,
  { name, port }: { readonly name: string; readonly port: number },
): k8s.core.v1.ServiceArgs {
  return {
    metadata: { name: part, ...partMetadata(part, namespace) },
    spec: {
      type: "ClusterIP",
      clusterIP,
      selector: selectorLabels(partLabels(part)),
      ports: [{ name, port, targetPort: name, protocol: "TCP" }],
    },
  };
}

export function budget(part: Part, namespace: string): k8s.policy.v1.PodDisruptionBudgetArgs {
  return {
    metadata: { name: part, ...partMetadata(part, namespace) },
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(partLabels(part)) } },
  };
}

/** Share of the processor time asked for, percent; a new pod is ready within seconds. */
const busyPercent = 70;
/** Streams last: what was added for a burst goes slowly, one pod at a time. */
const calmSeconds = 600;

export function autoscaler(
  proxy: Proxy,
  namespace: string,
  { min, max }: GatewayConfig["replicas"],
): k8s.autoscaling.v2.HorizontalPodAutoscalerArgs {
  return {
    metadata: { name: proxy, ...partMetadata(proxy, namespace) },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: proxy },
      minReplicas: min,
      maxReplicas: max,
      metrics: [
        {
          type: "Resource",
          resource: {
            name: "cpu",
            target: { type: "Utilization", averageUtilization: busyPercent },
          },
        },
      ],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: calmSeconds,
          policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
        },
      },
    },
  };
}
