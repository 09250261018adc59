import { enginePort } from "../components/engines/engine.ts";
import { engines } from "../components/engines/engines.ts";
import { gatewayEdges } from "../components/gateway/edges.ts";
import { prometheusPods } from "../components/isolation/infrastructure-policies.ts";
import type { Edge, Peers } from "../components/isolation/network-policies.ts";
import { stagingEdges } from "../components/model-weights/edges.ts";
import type { PlatformConfig } from "./config/platform.ts";

/** Every connection that the walls of a stack let through. Nothing leaves inference. */
export function edgesOf(stack: PlatformConfig): Edge[] {
  const { gateway } = stack.namespaces;
  const prometheus = prometheusOf(stack);
  return [
    ...(stack.gateway === undefined
      ? []
      : gatewayEdges(stack.gateway, {
          namespace: gateway,
          engine: (model) => engine(stack, model),
          enginePort,
          prometheus,
          apiServer: apiServer(stack),
        })),
    ...(stack.weights.source === undefined
      ? []
      : stagingEdges(stack.namespaces.weights, stack.weights.source)),
    ...stack.models.flatMap(({ engine: served, name }) => {
      const to = engine(stack, name);
      return [
        // A gateway that is not this stack's own: which of its pods call, nobody here knows.
        ...(stack.gateway === undefined
          ? [{ name: `gateway-to-${name}`, from: { namespace: gateway }, to, ports: [enginePort] }]
          : []),
        ...(engines[served].metrics === undefined
          ? []
          : [{ name: `metrics-of-${name}`, from: prometheus, to, ports: [enginePort] }]),
      ];
    }),
  ];
}

/** Pods of a model; one that the stack does not serve has none. */
function engine({ models, namespaces }: PlatformConfig, name: string) {
  const { engine: served = "vllm" } = models.find((model) => model.name === name) ?? {};
  return {
    namespace: namespaces.inference,
    labels: {
      "app.kubernetes.io/name": engines[served].id,
      "app.kubernetes.io/instance": name,
    },
  };
}

/** What pods an existing Prometheus has nobody here knows. */
function prometheusOf({ monitoring, namespaces }: PlatformConfig): Peers {
  return monitoring.kind === "chart"
    ? { namespace: namespaces.monitoring, labels: prometheusPods }
    : { namespace: namespaces.monitoring };
}

/** On its Service's address, and behind it on those of its machines; EKS serves both on one port. */
function apiServer({ cluster }: PlatformConfig) {
  const { nodeCidr, serviceCidr } = cluster.network;
  return { cidrs: [nodeCidr, serviceCidr], ports: cluster.kind === "eks" ? [443] : [443, 6443] };
}
