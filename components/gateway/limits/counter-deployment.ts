import type * as k8s from "@pulumi/kubernetes";
import { selectorLabels } from "../../lib/labels.ts";
import { hashOf } from "../../lib/migration/canonical.ts";
import { counterUsersFile, limitsCounter, ports } from "../names.ts";
import { partLabels } from "../parts.ts";
import {
  mountsOf,
  restrictedContainer,
  restrictedPod,
  secretFiles,
  soonElsewhere,
} from "../pod.ts";
import { counterConfig } from "./counter-config.ts";

export interface CounterArgs {
  readonly namespace: string;
  /** Redis by digest, from the registry inside. */
  readonly image: string;
  /** Claim of the volume that it keeps its log of writes on. */
  readonly claim: string;
}

/** Exactly one: a second would begin at zero. `Recreate`, and a volume that one node alone can mount. */
const replicas = 1;

/** Entry of the ConfigMap with its configuration. */
export const counterKey = "redis.conf";
const paths = { config: "/etc/redis", users: "/etc/redis-users", data: "/data" } as const;

/** All of the pod's addresses, of both families as far as there are any. */
const everywhere = "* -::*";

/** The counter's configuration as its pods see it. */
export const podCounterConfig = counterConfig({
  bind: everywhere,
  port: ports.counter,
  data: paths.data,
  users: `${paths.users}/${counterUsersFile}`,
});

export function counterDeployment(args: CounterArgs): k8s.apps.v1.DeploymentArgs {
  const labels = partLabels(limitsCounter);
  return {
    metadata: { name: limitsCounter, namespace: args.namespace, labels: { ...labels } },
    spec: {
      replicas,
      selector: { matchLabels: selectorLabels(labels) },
      strategy: { type: "Recreate" },
      template: {
        metadata: {
          labels: { ...labels },
          annotations: { "private-llm/counter": hashOf(podCounterConfig) },
        },
        spec: counterPod(args),
      },
    },
  };
}

function counterPod({ image, claim }: CounterArgs): k8s.types.input.core.v1.PodSpec {
  const files = [
    {
      mountPath: paths.config,
      volume: { name: "config", configMap: { name: limitsCounter } },
    },
    secretFiles("users", paths.users, limitsCounter, { [counterUsersFile]: counterUsersFile }),
  ];
  const data = { name: "data", persistentVolumeClaim: { claimName: claim } };
  const resources = { cpu: "100m", memory: "256Mi" };
  const probe = { tcpSocket: { port: "redis" }, timeoutSeconds: 2, failureThreshold: 3 };
  return {
    ...restrictedPod(partLabels(limitsCounter), limitsCounter),
    terminationGracePeriodSeconds: 30,
    tolerations: soonElsewhere(),
    containers: [
      {
        ...restrictedContainer,
        name: "redis",
        image,
        // Not the image's own start, which would change owners and so wants to be root.
        command: ["/usr/local/bin/redis-server"],
        args: [`${paths.config}/${counterKey}`],
        ports: [{ name: "redis", containerPort: ports.counter, protocol: "TCP" }],
        resources: { requests: resources, limits: { memory: resources.memory } },
        readinessProbe: { ...probe, periodSeconds: 5 },
        livenessProbe: { ...probe, periodSeconds: 20 },
        volumeMounts: [...mountsOf(files), { name: data.name, mountPath: paths.data }],
      },
    ],
    volumes: [...files.map(({ volume }) => volume), data],
  };
}
