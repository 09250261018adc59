import { type Aws, given, ofKind } from "../cloud/aws.ts";
import { groupOf, isKind } from "../kubernetes/api-groups.ts";
import { selects } from "../kubernetes/label-match.ts";
import { podTemplate } from "../kubernetes/pod-templates.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Graph, Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { policedPods } from "./pods.ts";

const remedy = "add a NetworkPolicy that selects the pods and names what they may reach";

/**
 * Pods that no network policy selects. A plugin that denies by default leaves them without any
 * connection, so somebody will sooner or later loosen the plugin for their sake.
 */
export function checkUncovered(graph: Graph, aws: Aws): readonly Violation[] {
  const covering = policiesByNamespace(graph);
  return [
    ...graph.objects.flatMap((object) => checkObject(object, covering)),
    ...checkOperands(graph, covering),
    ...checkAddons(aws, covering),
  ];
}

/** Selectors of the policies of each namespace. */
type Covering = ReadonlyMap<string, readonly Field[]>;

function policiesByNamespace(graph: Graph): Covering {
  const policies = graph.objects.filter(
    (object) => isKind(object, "NetworkPolicy") && groupOf(object) === "networking.k8s.io",
  );
  const selectors = Map.groupBy(policies, ({ namespace }) => String(namespace));
  return new Map(
    [...selectors].map(([namespace, each]) => [
      namespace,
      each.map((policy) => get(rootField(policy.body), "spec", "podSelector")),
    ]),
  );
}

function isCovered(covering: Covering, namespace: string, labels: Field): boolean {
  return (covering.get(namespace) ?? []).some((selector) => selects(selector, labels));
}

function checkObject(object: KubeObject, covering: Covering): readonly Violation[] {
  const pods = policedPods(object);
  if (pods === undefined) return [];
  const place = get(rootField(object.body), "metadata", "namespace");
  if (typeof object.namespace !== "string") return [unreadable(object, place)];
  if (isCovered(covering, object.namespace, pods.labels)) return [];
  const problem = `makes pods in namespace "${object.namespace}" that no network policy selects`;
  return [violation(object, pods.labels, problem, remedy)];
}

/** NVIDIA's operator makes pods of its own beside itself, under labels of its choice. */
function checkOperands(graph: Graph, covering: Covering): readonly Violation[] {
  const everything: Field = { path: "", value: {} };
  return graph.objects
    .filter((object) => `${groupOf(object)}/${object.kind}` === "nvidia.com/ClusterPolicy")
    .flatMap((policy) => {
      const namespaces = new Set(
        graph.objects
          .filter((each) => each.resource.parent === policy.resource.parent && podTemplate(each))
          .map(({ namespace }) => String(namespace)),
      );
      return [...namespaces]
        .filter((namespace) => !isCovered(covering, namespace, everything))
        .map((namespace) => {
          const problem = `makes pods in namespace "${namespace}", where no network policy selects every pod`;
          return violation(policy, rootField(policy.body), problem, remedy);
        });
    });
}

/** Add-ons of EKS: labels of their pods, or `host` where all share the network of their node. */
const addonPods: Readonly<Record<string, Readonly<Record<string, string>> | "host">> = {
  coredns: { "k8s-app": "kube-dns", "eks.amazonaws.com/component": "coredns" },
  "metrics-server": { "app.kubernetes.io/name": "metrics-server" },
  "aws-ebs-csi-driver": { app: "ebs-csi-controller" },
  "aws-efs-csi-driver": { app: "efs-csi-controller" },
  "aws-fsx-csi-driver": { app: "fsx-csi-controller" },
  "snapshot-controller": { "app.kubernetes.io/name": "snapshot-controller" },
  "eks-node-monitoring-agent": "host",
  "eks-pod-identity-agent": "host",
  "kube-proxy": "host",
  "vpc-cni": "host",
};

const addonNamespace = "kube-system";

function checkAddons(aws: Aws, covering: Covering): readonly Violation[] {
  return ofKind(aws, "eks.Addon").flatMap((addon) => {
    const name = given(addon, "addonName");
    if (isUnreadable(name)) return [unreadable(addon, name)];
    const pods = addonPods[textOf(name) ?? ""];
    if (pods === "host") return [];
    // Of any other add-on only a policy for every pod is sure to select the pods.
    const labels: Field = { path: "", value: pods ?? {} };
    if (isCovered(covering, addonNamespace, labels)) return [];
    const problem = `makes pods in namespace "${addonNamespace}" that no network policy selects`;
    return [violation(addon, name, problem, remedy)];
  });
}
