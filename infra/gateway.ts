import type * as pulumi from "@pulumi/pulumi";
import type { GpuCluster } from "../components/cluster/gpu-cluster.ts";
import { Gateway } from "../components/gateway/gateway.ts";
import { GatewayLimits } from "../components/gateway/limits/limits.ts";
import { limitsService, routeController } from "../components/gateway/names.ts";
import { partLabels, proxyProgram } from "../components/gateway/parts.ts";
import {
  controllerAddress,
  counterAddress,
  limitsAddress,
} from "../components/gateway/service-addresses.ts";
import { mirroredImage, type PinnedImage } from "../components/lib/images.ts";
import { selectorLabels } from "../components/lib/labels.ts";
import type { ModelServer } from "../components/model-server/model-server.ts";
import type { MonitoredGateway } from "../components/monitoring/monitoring.ts";
import type { PlatformConfig } from "./config/platform.ts";
import type { GatewayOutput } from "./outputs.ts";

/** A model of the stack with its servers. */
type Server = { readonly model: PlatformConfig["models"][number]; readonly server: ModelServer };

type Images = Readonly<
  Record<"envoy" | "routeController" | "rateLimitService" | "redis", PinnedImage>
>;

/** The way to models and providers, where the stack describes one. */
export function deployGateway(
  stack: PlatformConfig,
  cluster: GpuCluster,
  servers: readonly Server[],
  images: Images,
  opts: pulumi.ComponentResourceOptions,
): readonly GatewayOutput[] {
  if (stack.gateway === undefined) return [];
  const { serviceCidr } = stack.cluster.network;
  const { limits } = stack.gateway;
  if (limits !== undefined) {
    new GatewayLimits(
      "gateway-limits",
      {
        namespace: stack.namespaces.gateway,
        limits,
        addresses: {
          service: limitsAddress(stack.gateway, serviceCidr),
          counter: counterAddress(stack.gateway, serviceCidr),
        },
        storageClass: cluster.storage.metricsClass,
        simulated: cluster.gpuNodes.simulated,
        images: {
          service: mirroredImage(images.rateLimitService, stack.registry),
          counter: mirroredImage(images.redis, stack.registry),
        },
      },
      opts,
    );
  }
  const { endpoints } = new Gateway(
    "gateway",
    {
      namespace: stack.namespaces.gateway,
      inferenceNamespace: stack.namespaces.inference,
      config: stack.gateway,
      controllerAddress: controllerAddress(stack.gateway, serviceCidr),
      limitsAddress: limitsAddress(stack.gateway, serviceCidr),
      models: servers.map(({ model, server }) => ({
        name: model.name,
        servedName: server.modelName,
        apiKey: server.apiKey,
      })),
      saltsTeams: servers.some(({ model }) => model.prefixCache),
      images: {
        proxy: mirroredImage(images.envoy, stack.registry),
        controller: mirroredImage(images.routeController, stack.registry),
      },
    },
    opts,
  );
  return endpoints;
}

/** What Prometheus reads of it. */
export function monitoredGateway({ gateway, namespaces }: PlatformConfig): {
  readonly gateway?: MonitoredGateway;
} {
  if (gateway === undefined) return {};
  return {
    gateway: {
      namespace: namespaces.gateway,
      proxies: { "app.kubernetes.io/name": proxyProgram },
      controller: selectorLabels(partLabels(routeController)),
      ...(gateway.limits === undefined
        ? {}
        : { limits: selectorLabels(partLabels(limitsService)) }),
    },
  };
}
