import { joinPath } from "../../../policies/model/field.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
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

const annotations = ["spec", "template", "metadata", "annotations"];

function annotated(title: string, key: string, value: Value): Mutant {
  const at = joinPath("spec.template.metadata.annotations", key);
  return engineMutant("E18", title, annotations, { [key]: value }, at);
}

function device(title: string, name: string): Mutant {
  const limits: ValueObject = { "nvidia.com/gpu": "8", memory: "64Gi", [name]: "1" };
  const at = `${enginePath}.resources.limits["${name}"]`;
  return engineMutant("E18", title, [...engine, "resources", "limits"], limits, at);
}

function definition(
  title: string,
  type: string,
  namespace: string | undefined,
  spec: ValueObject,
): Mutant {
  const kind = type.slice(type.lastIndexOf(":") + 1);
  const object = `${kind} ${namespace ?? "default"}/net`;
  return added("E18", title, kube(type, "net", namespace, { spec }), object, "kind");
}

export const secondaryNetworks: readonly Mutant[] = [
  annotated("Multus by name", "k8s.v1.cni.cncf.io/networks", "fabric"),
  annotated("Multus as a list of objects", "k8s.v1.cni.cncf.io/networks", '[{"name":"fabric"}]'),
  annotated("Multus in a form that nobody reads", "k8s.v1.cni.cncf.io/networks", "[{"),
  annotated("unknown networks", "k8s.v1.cni.cncf.io/networks", unknown),
  annotated("another default network", "v1.multus-cni.io/default-network", "other/net"),
  annotated("several interfaces of AWS", "k8s.amazonaws.com/nicConfig", "multi-nic-attachment"),
  annotated("interfaces of Google", "networking.gke.io/interfaces", "[]"),
  annotated("floating address of Calico", "cni.projectcalico.org/floatingIPs", '["192.0.2.3"]'),
  annotated("address without the plugin's own pool", "cni.projectcalico.org/ipAddrsNoIpam", "[]"),
  annotated("pool of Cilium", "ipam.cilium.io/ip-pool", "outside"),
  annotated(
    "switch of Kube-OVN behind a provider",
    "net.team.ovn.kubernetes.io/logical_switch",
    "s",
  ),
  annotated("CNI-Genie", "cni", "weave"),
  engineMutant(
    "E18",
    "network of Azure by label",
    ["spec", "template", "metadata", "labels", "kubernetes.azure.com/pod-network"],
    "other",
    'spec.template.metadata.labels["kubernetes.azure.com/pod-network"]',
  ),
  {
    rule: "E18",
    title: "primary network of a whole namespace",
    resources: changed("Namespace/inference", ["metadata", "labels"], {
      "k8s.ovn.org/primary-user-defined-network": "",
    }),
    object: "Namespace inference",
    path: 'metadata.labels["k8s.ovn.org/primary-user-defined-network"]',
  },
  device("RDMA device", "rdma/hca_shared_devices_a"),
  device("EFA device", "vpc.amazonaws.com/efa"),
  device("virtual function of a card", "nvidia.com/hostdev"),
  engineMutant(
    "E18",
    "virtual function in an init container",
    [...template, "initContainers"],
    [{ name: "init", resources: { requests: { "intel.com/sriov_netdevice": 1 } } }],
    `${podPath}.initContainers[0].resources.requests["intel.com/sriov_netdevice"]`,
  ),
  added(
    "E18",
    "claim of a network card",
    kube("resource.k8s.io/v1:ResourceClaimTemplate", "nic", "inference", {
      spec: { spec: { devices: { requests: [{ exactly: { deviceClassName: "dranet" } }] } } },
    }),
    "ResourceClaimTemplate inference/nic",
    "spec.spec.devices.requests[0].exactly.deviceClassName",
  ),
  definition(
    "definition beside a model",
    "k8s.cni.cncf.io/v1:NetworkAttachmentDefinition",
    "inference",
    {},
  ),
  definition(
    "definition made by an operator",
    "sriovnetwork.openshift.io/v1:SriovNetwork",
    "kube-system",
    {
      networkNamespace: "inference",
    },
  ),
  definition(
    "network that picks namespaces by label",
    "k8s.ovn.org/v1:ClusterUserDefinedNetwork",
    undefined,
    {},
  ),
];
