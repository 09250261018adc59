import type * as pulumi from "@pulumi/pulumi";
import { controllerAddress, limitsAddress } from "../components/gateway/controller-address.ts";
import { Gateway } from "../components/gateway/gateway.ts";
import { routeController } from "../components/gateway/names.ts";
import { partLabels, proxyProgram } from "../components/gateway/parts.ts";
import { mirroredImage, type PinnedImage } from "../components/lib/images.ts";
import { selectorLabels } from "../components/lib/labels.ts";
import type { ModelServer } from "../components/model-server/model-server.ts";
import type { MonitoredGateway } from "../components/monitoring/monitoring.ts";
import type { PlatformConfig } from "./config/platform.ts";
import type { GatewayOutput } from "./outputs.ts";

/** A model of the stack with its servers. */
type Server = { readonly model: PlatformConfig["models"][number]; readonly server: ModelServer };

/** The way to models and providers, where the stack describes one. */
export function deployGateway(
  stack: PlatformConfig,
  servers: readonly Server[],
  images: Readonly<Record<"envoy" | "routeController", PinnedImage>>,
  opts: pulumi.ComponentResourceOptions,
): readonly GatewayOutput[] {
  if (stack.gateway === undefined) return [];
  const { endpoints } = new Gateway(
    "gateway",
    {
      namespace: stack.namespaces.gateway,
      inferenceNamespace: stack.namespaces.inference,
      config: stack.gateway,
      controllerAddress: controllerAddress(stack.gateway, stack.cluster.network.serviceCidr),
      limitsAddress: limitsAddress(stack.gateway, stack.cluster.network.serviceCidr),
      models: servers.map(({ model, server }) => ({
        name: model.name,
        servedName: model.name,
        apiKey: server.apiKey,
      })),
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
    },
  };
}
