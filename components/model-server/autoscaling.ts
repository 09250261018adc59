import type * as k8s from "@pulumi/kubernetes";
import type { EngineMetrics } from "../engines/engine.ts";

/** How many replicas of a model run; KEDA decides within these. */
export interface Autoscaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Requests that may wait for each replica before one more is started. */
  readonly waitingPerReplica: number;
  /** Base URL of the Prometheus that reads the engines. */
  readonly prometheus: string;
}

/** A ScaledObject as far as it is written here. Source: KEDA 2.21, `apis/keda/v1alpha1`. */
export interface ScaledObject {
  readonly apiVersion: "keda.sh/v1alpha1";
  readonly kind: "ScaledObject";
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  readonly spec: {
    readonly scaleTargetRef: { readonly name: string };
    readonly minReplicaCount: number;
    readonly maxReplicaCount: number;
    readonly pollingInterval: number;
    readonly fallback: { readonly failureThreshold: number; readonly replicas: number };
    readonly advanced: {
      readonly horizontalPodAutoscalerConfig: {
        readonly behavior: { readonly scaleDown: ScaleDown };
      };
    };
    readonly triggers: readonly [
      {
        readonly type: "prometheus";
        readonly metadata: {
          readonly serverAddress: string;
          readonly query: string;
          readonly threshold: string;
          readonly ignoreNullValues: "false";
        };
      },
    ];
  };
}

interface ScaleDown {
  readonly stabilizationWindowSeconds: number;
  readonly policies: readonly {
    readonly type: "Pods";
    readonly value: number;
    readonly periodSeconds: number;
  }[];
}

/** Seconds between two looks at the queue. */
const pollingSeconds = 30;
/** Looks that may fail before the fallback holds. */
const mostFailures = 3;
/** A replica takes minutes to load its weights, so a short lull ends none, and they end one at a time. */
const scaleDown: ScaleDown = {
  stabilizationWindowSeconds: 900,
  policies: [{ type: "Pods", value: 1, periodSeconds: 300 }],
};

/**
 * Requests that wait for a model, whichever replica they wait at: one number, by the name that the engine gives
 * its metrics. The name is a DNS label, so it needs no escaping.
 */
export function waitingQuery(servedName: string, { waiting }: EngineMetrics): string {
  return `sum(${waiting}{model_name="${servedName}"})`;
}

/**
 * What KEDA is told of a model.
 * @param fallback replicas while Prometheus gives no number
 */
export function scaledObjectSpec(
  deployment: string,
  servedName: string,
  metrics: EngineMetrics,
  fallback: number,
  autoscaling: Autoscaling,
): ScaledObject["spec"] {
  const { minReplicas, maxReplicas, waitingPerReplica, prometheus } = autoscaling;
  return {
    scaleTargetRef: { name: deployment },
    minReplicaCount: minReplicas,
    maxReplicaCount: maxReplicas,
    pollingInterval: pollingSeconds,
    fallback: { failureThreshold: mostFailures, replicas: fallback },
    advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown } } },
    triggers: [
      {
        type: "prometheus",
        metadata: {
          serverAddress: prometheus,
          query: waitingQuery(servedName, metrics),
          threshold: String(waitingPerReplica),
          // The default takes an empty answer, as of a misspelt metric, for a queue that is empty.
          ignoreNullValues: "false",
        },
      },
    ],
  };
}
