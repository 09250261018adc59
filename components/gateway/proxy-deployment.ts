import type * as k8s from "@pulumi/kubernetes";
import { selectorLabels } from "../lib/labels.ts";
import { hashOf } from "../lib/migration/canonical.ts";
import type { GatewayConfig } from "../lib/stack/gateway.ts";
import { gracePeriodSeconds, preStopSeconds } from "./drain.ts";
import type { ProxyFiles } from "./envoy/files.ts";
import { heapMib } from "./envoy/limits.ts";
import { bootstrapKey, egressGateway, paths, ports } from "./names.ts";
import { type Proxy, partLabels, usedEgressPorts } from "./parts.ts";
import { mounted, mounts, restrictedContainer, restrictedPod } from "./pod.ts";
import { proxyFiles } from "./proxy-files.ts";

export interface ProxyArgs {
  readonly proxy: Proxy;
  readonly namespace: string;
  readonly config: GatewayConfig;
  /** Envoy by digest, from the registry inside. */
  readonly image: string;
  /** The configuration it starts with; another one is another pod. */
  readonly files: ProxyFiles;
}

/** Processor time of one proxy; one worker for each processor. */
const cpus = 2;
/** Its own heap, which it bounds itself, and a quarter more for what is none. */
const memory = `${heapMib * 1.25}Mi`;

/** Annotation that changes with the configuration, so that pods roll with it. */
export const checksumAnnotation = "private-llm/bootstrap";

/**
 * One kind of proxy. The autoscaler owns the number of replicas, so none is written here. A new pod comes
 * before an old one goes: nothing of it is scarce.
 */
export function proxyDeployment(args: ProxyArgs): k8s.apps.v1.DeploymentArgs {
  const { proxy, namespace, files } = args;
  const labels = partLabels(proxy);

  return {
    metadata: { name: proxy, namespace, labels: { ...labels } },
    spec: {
      selector: { matchLabels: selectorLabels(labels) },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels: { ...labels }, annotations: { [checksumAnnotation]: hashOf(files) } },
        spec: proxyPod(args),
      },
    },
  };
}

function proxyPod(args: ProxyArgs): k8s.types.input.core.v1.PodSpec {
  const { proxy, config } = args;
  const files = proxyFiles(config, proxy);
  return {
    ...restrictedPod(partLabels(proxy), proxy),
    terminationGracePeriodSeconds: gracePeriodSeconds(config),
    containers: [
      {
        ...restrictedContainer,
        name: "envoy",
        image: args.image,
        ...proxyCommand(proxy),
        ports: containerPorts(config, proxy),
        // No limit of processor time: a proxy that is held back holds everybody back.
        resources: { requests: { cpu: String(cpus), memory }, limits: { memory } },
        lifecycle: { preStop: { sleep: { seconds: preStopSeconds(config) } } },
        readinessProbe: {
          httpGet: { path: "/ready", port: "metrics" },
          periodSeconds: 3,
          timeoutSeconds: 2,
          failureThreshold: 2,
        },
        // Whether it is a process at all; a proxy without routes is not ready, and a restart brings none.
        livenessProbe: {
          tcpSocket: { port: "metrics" },
          periodSeconds: 20,
          timeoutSeconds: 5,
          failureThreshold: 6,
        },
        ...mounts(files),
      },
    ],
    ...mounted(files),
  };
}

/** Read-only root, so no shared memory for a hot restart; by its name the controller knows who asks. */
function proxyCommand(
  proxy: Proxy,
): Pick<k8s.types.input.core.v1.Container, "command" | "args" | "env"> {
  return {
    command: ["/usr/local/bin/envoy"],
    args: [
      // Envoy knows no `--flag=value`.
      "--config-path",
      `${paths.bootstrap}/${bootstrapKey}`,
      "--service-node",
      "$(POD_NAME)",
      "--service-cluster",
      proxy,
      "--concurrency",
      String(cpus),
      "--log-level",
      "warning",
      "--disable-hot-restart",
    ],
    env: [{ name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
  };
}

function containerPorts(
  config: GatewayConfig,
  proxy: Proxy,
): k8s.types.input.core.v1.ContainerPort[] {
  const served =
    proxy === egressGateway
      ? usedEgressPorts(config).map((port) => ({ name: `road-${port}`, port }))
      : [{ name: "https", port: ports.clients }];
  return [...served, { name: "metrics", port: ports.metrics }].map(({ name, port }) => ({
    name,
    containerPort: port,
    protocol: "TCP",
  }));
}
