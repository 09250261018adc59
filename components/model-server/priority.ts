import type * as k8s from "@pulumi/kubernetes";

/** Above batch jobs, which have 0 unless somebody says otherwise, and far below what the cluster itself needs. */
const servingPriority = 1_000_000;

/** PriorityClass of the models in a namespace; the object is the cluster's, so its name carries the namespace. */
export function priorityName(namespace: string): string {
  return `private-llm-${namespace}`;
}

/**
 * Models wait for nobody's batch job: where GPUs are short, the scheduler takes them from pods of lower priority.
 * All models have the same, so none ever takes GPUs from another.
 */
export function modelPriority(namespace: string): k8s.scheduling.v1.PriorityClassArgs {
  return {
    metadata: { name: priorityName(namespace) },
    value: servingPriority,
    globalDefault: false,
    preemptionPolicy: "PreemptLowerPriority",
    description: `Models served in namespace ${namespace}; batch jobs make room for them.`,
  };
}
