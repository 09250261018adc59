import { unknown } from "../../../policies/model/value.ts";
import { changed, kube, resource } from "../good-graph.ts";
import {
  added,
  engine,
  engineMutant,
  enginePath,
  type Mutant,
  podPath,
  policyMutant,
  template,
} from "./mutant.ts";

export const unknowns: readonly Mutant[] = [
  engineMutant("C01", "unknown image", [...engine, "image"], unknown, `${enginePath}.image`),
  engineMutant("C01", "unknown pod", [...template], unknown, podPath),
  engineMutant(
    "C01",
    "encrypted argument",
    [...engine, "command", 3],
    "[secret]",
    `${enginePath}.command[3]`,
  ),
  engineMutant(
    "C01",
    "unknown labels",
    ["spec", "template", "metadata", "labels"],
    unknown,
    "spec.template.metadata.labels",
  ),
  engineMutant(
    "C01",
    "unknown variable of an engine",
    [...engine, "env", 4, "value"],
    unknown,
    `${enginePath}.env[4].value`,
  ),
  engineMutant(
    "C01",
    "unknown second network",
    ["spec", "template", "metadata", "annotations"],
    { "k8s.v1.cni.cncf.io/networks": unknown },
    'spec.template.metadata.annotations["k8s.v1.cni.cncf.io/networks"]',
  ),
  policyMutant("C01", "unknown policy", "to-store", ["spec"], unknown, "spec"),
  policyMutant(
    "C01",
    "unknown port",
    "from-gateway",
    ["spec", "ingress", 0, "ports", 0, "port"],
    unknown,
    "spec.ingress[0].ports[0].port",
  ),
  {
    rule: "C01",
    title: "unknown type of a Service",
    resources: changed("Service/llama", ["spec", "type"], unknown),
    object: "Service inference/llama",
    path: "spec.type",
  },
  added(
    "C01",
    "namespace without a fixed name",
    resource("kubernetes:core/v1:Namespace", "other", {}),
    "Namespace other",
    "metadata.name",
  ),
  added(
    "C01",
    "unknown namespace",
    resource("kubernetes:core/v1:Secret", "key", { metadata: { name: "key", namespace: unknown } }),
    "Secret (unknown)/key",
    "metadata.namespace",
  ),
  added(
    "C01",
    "unknown proxy of a gateway",
    kube("core/v1:Pod", "out", "gateway", {
      spec: { containers: [{ env: [{ name: "HTTPS_PROXY", value: unknown }] }] },
    }),
    "Pod gateway/out",
    "spec.containers[0].env[0].value",
  ),
  added(
    "C01",
    "list with unknown items",
    resource("kubernetes:core/v1:List", "all", { items: unknown }),
    "List default/all",
    "items",
  ),
  added(
    "C01",
    "list with an item that is no object",
    resource("kubernetes:core/v1:List", "all", { items: ["x"] }),
    "List default/all",
    "items[0]",
  ),
];
