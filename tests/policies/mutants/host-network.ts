import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import { changed, kube } from "../good-graph.ts";
import {
  added,
  engine,
  engineMutant,
  enginePath,
  type Mutant,
  podPath,
  template,
} from "./mutant.ts";

function daemon(namespace: string, spec: ValueObject) {
  return kube("apps/v1:DaemonSet", "agent", namespace, {
    spec: { template: { spec: { hostNetwork: true, ...spec } } },
  });
}

const tolerant = { tolerations: [{ operator: "Exists" }] };

function neighbour(title: string, namespace: string, spec: ValueObject): Mutant {
  const object = `DaemonSet ${namespace}/agent`;
  return added("E15", title, daemon(namespace, spec), object, `${podPath}.hostNetwork`);
}

export const hostNetwork: readonly Mutant[] = [
  engineMutant("E15", "host network", [...template, "hostNetwork"], true, `${podPath}.hostNetwork`),
  engineMutant(
    "E15",
    "unknown host network",
    [...template, "hostNetwork"],
    unknown,
    `${podPath}.hostNetwork`,
  ),
  engineMutant(
    "E15",
    "host port of the engine",
    [...engine, "ports"],
    [{ containerPort: 8000, hostPort: 8000 }],
    `${enginePath}.ports[0].hostPort`,
  ),
  engineMutant(
    "E15",
    "host port of a sidecar",
    [...template, "initContainers"],
    [{ name: "side", restartPolicy: "Always", ports: [{ hostPort: "443" }] }],
    `${podPath}.initContainers[0].ports[0].hostPort`,
  ),
  added(
    "E15",
    "host network in a scheduled job",
    kube("batch/v1:CronJob", "probe", "inference", {
      spec: { jobTemplate: { spec: { template: { spec: { hostNetwork: true } } } } },
    }),
    "CronJob inference/probe",
    "spec.jobTemplate.spec.template.spec.hostNetwork",
  ),
  neighbour("unnamed neighbour that tolerates everything", "kube-system", tolerant),
  neighbour("unnamed neighbour that tolerates the GPU taint", "kube-system", {
    tolerations: [{ key: "nvidia.com/gpu", effect: "NoSchedule", value: "present" }],
  }),
  neighbour("unnamed neighbour with unknown tolerations", "kube-system", { tolerations: unknown }),
  neighbour("unnamed neighbour that names its node", "shipping", { nodeName: "gpu-1" }),
  added(
    "E15",
    "Prometheus of a team in the network of GPU nodes",
    kube("monitoring.coreos.com/v1:Prometheus", "own", "team", {
      spec: { hostNetwork: true, ...tolerant },
    }),
    "Prometheus team/own",
    "spec.hostNetwork",
  ),
  {
    rule: "E15",
    title: "driver of kube-system that starts to tolerate the GPU taint",
    resources: changed(
      "DaemonSet/driver",
      [...template, "tolerations"],
      [{ key: "nvidia.com/gpu", operator: "Exists" }],
    ),
    object: "DaemonSet kube-system/driver",
    path: `${podPath}.hostNetwork`,
  },
];

/** A neighbour that only the list of the stack can let pass. */
export const namedNeighbour = daemon("kube-system", tolerant);
