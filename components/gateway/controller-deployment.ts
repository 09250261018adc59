import type * as k8s from "@pulumi/kubernetes";
import { selectorLabels } from "../lib/labels.ts";
import { ports, routeController } from "./names.ts";
import { partLabels } from "./parts.ts";
import {
  type Files,
  fileMode,
  mounted,
  mounts,
  restrictedContainer,
  restrictedPod,
  soonElsewhere,
} from "./pod.ts";

export interface ControllerArgs {
  readonly namespace: string;
  /** Namespace of the models, whose pods' addresses it hands to proxies. */
  readonly inferenceNamespace: string;
  /** Controller by digest, from the registry inside. */
  readonly image: string;
}

/**
 * One, because proxies keep their last routes without it and what it writes is one status. `Recreate`, so that
 * no two ever write it; the seconds in between change no request.
 */
const replicas = 1;

/** Seconds a token of the API server lasts; the kubelet renews it long before. */
const tokenSeconds = 3600;

/** Where every client library looks for a pod's account. */
const accountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

export function controllerDeployment(args: ControllerArgs): k8s.apps.v1.DeploymentArgs {
  const labels = partLabels(routeController);
  return {
    metadata: { name: routeController, namespace: args.namespace, labels: { ...labels } },
    spec: {
      replicas,
      selector: { matchLabels: selectorLabels(labels) },
      strategy: { type: "Recreate" },
      template: { metadata: { labels: { ...labels } }, spec: controllerPod(args) },
    },
  };
}

function controllerPod(args: ControllerArgs): k8s.types.input.core.v1.PodSpec {
  const files = [accountFiles];
  const resources = { cpu: "250m", memory: "256Mi" };
  return {
    ...restrictedPod(partLabels(routeController), routeController),
    terminationGracePeriodSeconds: 15,
    tolerations: soonElsewhere(),
    containers: [
      {
        ...restrictedContainer,
        name: "controller",
        image: args.image,
        command: ["node", "controller/main.ts"],
        args: [
          `--namespace=${args.namespace}`,
          `--inference-namespace=${args.inferenceNamespace}`,
          `--port=${ports.xds}`,
          `--health-port=${ports.controllerHealth}`,
        ],
        ports: [
          { name: "xds", containerPort: ports.xds, protocol: "TCP" },
          { name: "metrics", containerPort: ports.controllerHealth, protocol: "TCP" },
        ],
        resources: { requests: resources, limits: { memory: resources.memory } },
        readinessProbe: {
          httpGet: { path: "/healthz", port: "metrics" },
          periodSeconds: 5,
          timeoutSeconds: 2,
          failureThreshold: 3,
        },
        // Not by its health page: that is red without routes, which a restart does not mend.
        livenessProbe: {
          tcpSocket: { port: "metrics" },
          periodSeconds: 20,
          timeoutSeconds: 5,
          failureThreshold: 3,
        },
        ...mounts(files),
      },
    ],
    ...mounted(files),
  };
}

/** The only token in the namespace: short-lived, and for this pod's account alone. */
const accountFiles: Files = {
  mountPath: accountPath,
  volume: {
    name: "account",
    projected: {
      defaultMode: fileMode,
      sources: [
        { serviceAccountToken: { path: "token", expirationSeconds: tokenSeconds } },
        {
          configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] },
        },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }],
          },
        },
      ],
    },
  },
};
