import { groupOf, isKind } from "../kubernetes/api-groups.ts";
import { demandOneOf } from "../kubernetes/demands.ts";
import { environmentOf } from "../kubernetes/environment.ts";
import { containersOf, podTemplate } from "../kubernetes/pod-templates.ts";
import { elements, get, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Resource } from "../model/resource.ts";
import type { Violation } from "../model/rule.ts";
import { violation } from "../model/violation.ts";

/** Settings of Cilium by the name in its ConfigMap and in its chart, and the values that enforce. */
const cilium: readonly {
  readonly key: string;
  readonly value: readonly string[];
  readonly wanted: readonly (string | boolean)[];
}[] = [
  { key: "enable-policy", value: ["policyEnforcementMode"], wanted: ["default", "always"] },
  { key: "policy-audit-mode", value: ["policyAuditMode"], wanted: ["false", false] },
  {
    key: "enable-k8s-networkpolicy",
    value: ["k8sNetworkPolicy", "enabled"],
    wanted: ["true", true],
  },
];

export function checkCiliumObject(object: KubeObject): readonly Violation[] {
  if (!isKind(object, "ConfigMap") || object.name !== "cilium-config") return [];
  const data = get(rootField(object.body), "data");
  return cilium.flatMap(({ key, wanted }) =>
    demandOneOf(object, get(data, key), [undefined, ...wanted], `set ${key}: "${wanted[0]}"`),
  );
}

/** Values of a chart that the cluster gets its plugin from. */
export function checkCiliumChart(resource: Resource): readonly Violation[] {
  if (!/^kubernetes:helm\.sh\/v\d:(?:Chart|Release)$/.test(resource.type)) return [];
  const root = rootField(resource.properties);
  const chart = textOf(get(root, "chart")) ?? "";
  if (!/(?:^|\/)cilium$/.test(chart)) return [];
  return cilium.flatMap(({ value, wanted }) =>
    demandOneOf(
      { resource },
      get(root, "values", ...value),
      [undefined, "", ...wanted],
      `set ${value.join(".")} to ${wanted[0]}`,
    ),
  );
}

export function checkCalicoObject(object: KubeObject): readonly Violation[] {
  const group = groupOf(object);
  const felix = object.kind === "FelixConfiguration" && group.endsWith("projectcalico.org");
  if (felix) {
    const insert = get(rootField(object.body), "spec", "chainInsertMode");
    return demandOneOf(object, insert, [undefined, "Insert"], 'set chainInsertMode: "Insert"');
  }
  const template = podTemplate(object);
  if (template === undefined || !isKind(object, "DaemonSet")) return [];
  return containersOf(template)
    .flatMap(({ field }) => environmentOf(field).variables.get("FELIX_CHAININSERTMODE") ?? [])
    .flatMap((entry) =>
      demandOneOf(object, get(entry, "value"), ["Insert", "insert"], "remove the variable"),
    );
}

/** Plugins that move packets and enforce nothing, unless another one beside them does. */
const openPlugin = /(?:^|\/)(?:flannel|kindnetd|kube-ovn-lite|bridge-cni)(?:[:@]|$)/;
const policyAgent = /(?:^|\/)(?:calico-node|calico\/node|kube-network-policies)(?:[:@]|$)/;

export function checkOpenPlugin(object: KubeObject): readonly Violation[] {
  const template = podTemplate(object);
  if (template === undefined || !isKind(object, "DaemonSet")) return [];
  const containers = elements(get(template.spec, "containers"));
  const images = containers.map((container) => get(container, "image"));
  if (images.some((image) => policyAgent.test(textOf(image) ?? ""))) return [];
  return images
    .filter((image) => openPlugin.test(textOf(image) ?? ""))
    .map((image) =>
      violation(
        object,
        image,
        "is a network plugin that enforces no network policy",
        "use a plugin whose profile the policies know",
      ),
    );
}
