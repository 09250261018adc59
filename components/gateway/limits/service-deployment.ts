import type * as k8s from "@pulumi/kubernetes";
import { selectorLabels } from "../../lib/labels.ts";
import { hashOf } from "../../lib/migration/canonical.ts";
import { endpointSeconds } from "../drain.ts";
import { counterPasswordField, limitsCounter, limitsService, ports } from "../names.ts";
import { partLabels } from "../parts.ts";
import { restrictedContainer, restrictedPod } from "../pod.ts";
import {
  configFile,
  healthService,
  passwordVariable,
  serviceEnvironment,
} from "./service-environment.ts";

export interface LimitsServiceArgs {
  readonly namespace: string;
  /** The rate-limit service by digest, from the registry inside. */
  readonly image: string;
  /** ClusterIP of the counter. */
  readonly counterAddress: string;
  /** Its limits, YAML; others are other pods. */
  readonly config: string;
}

/** One may go while the other answers; all numbers are in the counter, so neither knows more. */
const replicas = 2;

/** Entry of the ConfigMap with the limits. */
export const limitsKey = "limits.yaml";
const root = "/data";

/** Seconds for the answers that are under way; each takes milliseconds. */
const stopSeconds = 15;

export function limitsDeployment(args: LimitsServiceArgs): k8s.apps.v1.DeploymentArgs {
  const labels = partLabels(limitsService);
  return {
    metadata: { name: limitsService, namespace: args.namespace, labels: { ...labels } },
    spec: {
      replicas,
      selector: { matchLabels: selectorLabels(labels) },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: {
          labels: { ...labels },
          annotations: { "private-llm/limits": hashOf(args.config) },
        },
        spec: limitsPod(args),
      },
    },
  };
}

/**
 * It ends itself where the counter is not there at its start, and is started again until it is. When the
 * counter goes away later, it stays, is not ready, and finds it again.
 */
function limitsPod({ image, counterAddress }: LimitsServiceArgs): k8s.types.input.core.v1.PodSpec {
  const resources = { cpu: "100m", memory: "256Mi" };
  const volume = { name: "limits", configMap: { name: limitsService } };
  return {
    ...restrictedPod(partLabels(limitsService), limitsService),
    terminationGracePeriodSeconds: endpointSeconds + stopSeconds,
    containers: [
      {
        ...restrictedContainer,
        name: "ratelimit",
        image,
        command: ["/bin/ratelimit"],
        env: environment(counterAddress),
        ports: [
          { name: "grpc", containerPort: ports.limits, protocol: "TCP" },
          { name: "metrics", containerPort: ports.limitsMetrics, protocol: "TCP" },
        ],
        resources: { requests: resources, limits: { memory: resources.memory } },
        lifecycle: { preStop: { sleep: { seconds: endpointSeconds } } },
        readinessProbe: {
          grpc: { port: ports.limits, service: healthService },
          periodSeconds: 5,
          timeoutSeconds: 2,
          failureThreshold: 2,
        },
        // Not by its health, which is that of the counter: a restart would not bring it back.
        livenessProbe: {
          tcpSocket: { port: "grpc" },
          periodSeconds: 20,
          timeoutSeconds: 5,
          failureThreshold: 3,
        },
        volumeMounts: [
          {
            name: volume.name,
            // One file by its path never changes under a running pod, so no reading of it is half of each.
            mountPath: `${root}/${configFile}`,
            subPath: limitsKey,
            readOnly: true,
          },
        ],
      },
    ],
    volumes: [volume],
  };
}

function environment(counterAddress: string): k8s.types.input.core.v1.EnvVar[] {
  const isIpv6 = counterAddress.includes(":");
  const variables = serviceEnvironment({
    host: isIpv6 ? "::" : "0.0.0.0",
    metricsHost: "",
    ports: {
      grpc: ports.limits,
      metrics: ports.limitsMetrics,
      http: ports.limitsHttp,
      debug: ports.limitsDebug,
    },
    counter: `${isIpv6 ? `[${counterAddress}]` : counterAddress}:${ports.counter}`,
    root,
  });
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    {
      name: passwordVariable,
      valueFrom: { secretKeyRef: { name: limitsCounter, key: counterPasswordField } },
    },
  ];
}
