/**
 * Keys of annotations and labels by which network plugins give pods a further interface, another
 * network or an address that the cluster's own plugin does not know. Network policies do not hold on
 * any of these. Source: the plugins' own documentation; 2026-11.
 */
export const networkKeys: readonly RegExp[] = [
  // Multus and everything that speaks its convention: SR-IOV, whereabouts, Antrea, Calico Enterprise.
  /^k8s\.v1\.cni\.cncf\.io\/networks$/,
  /^v1\.multus-cni\.io\/default-network$/,
  // CNI-Genie and Knitter, without a domain.
  /^(?:cni|networks)$/,
  /^danm\.(?:k8s\.)?io\//,
  // OVN-Kubernetes: user-defined networks, hybrid overlay, gateways of their own.
  /^k8s\.ovn\.org\//,
  /(?:^|\.)ovn\.kubernetes\.io\//,
  /^cni\.projectcalico\.org\//,
  /^(?:[a-z0-9-]+\.)?(?:ipam|network|multi-pool)\.cilium\.io\//,
  /(?:^|\.)isovalent\.com\//,
  /^(?:ipam|cni)\.spidernet\.io\//,
  /^ipam\.antrea\.io\//,
  // Clouds: several interfaces, or an interface of the pod's own.
  /^k8s\.amazonaws\.com\/nicConfig$/,
  /^vpc\.amazonaws\.com\//,
  /^networking\.gke\.io\/(?:interfaces|default-interface)$/,
  /^kubernetes\.azure\.com\/pod-network(?:-instance)?$/,
  /^k8s\.aliyun\.com\/pod-(?:eni|networks?|networks-request|ip-reservation)$/,
  /^tke\.cloud\.tencent\.com\/(?:networks|vpc-ip)/,
];

/** What the cluster's own plugin notes on a pod. */
export const notedKeys = /^cni\.projectcalico\.org\/(?:podIPs?|containerID)$/;

export function isNetworkKey(key: string): boolean {
  return !notedKeys.test(key) && networkKeys.some((pattern) => pattern.test(key));
}

/** Keys whose value names networks as Multus reads them. */
export const multusKeys: ReadonlySet<string> = new Set([
  "k8s.v1.cni.cncf.io/networks",
  "v1.multus-cni.io/default-network",
]);

/**
 * The networks that the value of a key names, as `namespace/name`; `undefined` where the key has
 * another form or the value cannot be read.
 */
export function namedNetworks(
  key: string,
  value: string,
  namespace: string,
): readonly string[] | undefined {
  if (!multusKeys.has(key)) return undefined;
  const text = value.trim();
  if (text === "") return [];
  return text.startsWith("[") ? fromJson(text, namespace) : fromList(text, namespace);
}

/** `name`, `namespace/name` and `name@interface`, separated by commas. */
function fromList(text: string, namespace: string): readonly string[] | undefined {
  const names: string[] = [];
  for (const item of text.split(",")) {
    const match = /^(?:([a-z0-9-]+)\/)?([a-z0-9][a-z0-9.-]*)(?:@[\w.-]+)?$/.exec(item.trim());
    if (match?.[2] === undefined) return undefined;
    names.push(`${match[1] ?? namespace}/${match[2]}`);
  }
  return names;
}

function fromJson(text: string, namespace: string): readonly string[] | undefined {
  const items = parsed(text);
  if (!Array.isArray(items)) return undefined;
  const names: string[] = [];
  for (const item of items) {
    const network: unknown = item;
    if (typeof network !== "object" || network === null || !("name" in network)) return undefined;
    const inside = "namespace" in network ? network.namespace : namespace;
    if (typeof network.name !== "string" || typeof inside !== "string") return undefined;
    names.push(`${inside}/${network.name}`);
  }
  return names;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Custom resources that define such a network, by `group/Kind`. `target`: the field that names the
 * namespace in which its operator makes the definition; `everywhere`: it picks namespaces by label.
 */
export const networkDefinitions: Readonly<
  Record<string, { readonly target?: string; readonly everywhere?: true }>
> = {
  "k8s.cni.cncf.io/NetworkAttachmentDefinition": {},
  "k8s.ovn.org/UserDefinedNetwork": {},
  "k8s.ovn.org/ClusterUserDefinedNetwork": { everywhere: true },
  "mellanox.com/HostDeviceNetwork": { target: "networkNamespace" },
  "mellanox.com/IPoIBNetwork": { target: "networkNamespace" },
  "mellanox.com/MacvlanNetwork": { target: "networkNamespace" },
  "spiderpool.spidernet.io/SpiderMultusConfig": {},
  "sriovnetwork.openshift.io/OVSNetwork": { target: "networkNamespace" },
  "sriovnetwork.openshift.io/SriovIBNetwork": { target: "networkNamespace" },
  "sriovnetwork.openshift.io/SriovNetwork": { target: "networkNamespace" },
};

/** Classes of devices of dynamic resource allocation that are GPUs; any other may be a network card. */
export const gpuDeviceClasses: ReadonlySet<string> = new Set(["gpu.nvidia.com", "mig.nvidia.com"]);
