import type { GpuHost, InventoryHost } from "../../components/cluster/bare-metal/inventory.ts";
import { compareText } from "../../components/lib/compare-text.ts";
import { drainTaint, gpuPoolSelector, poolLabel } from "../../components/lib/gpu-pool.ts";
import { gpuFacts } from "../../components/lib/gpus.ts";
import { at, isArray, type Value } from "../../policies/model/value.ts";
import type { Found } from "./found.ts";

/**
 * Where the nodes of a cluster are not what the inventory says: what is placed and what fits is
 * decided by the inventory, so a difference makes pods wait.
 */
export function inventoryDrift(
  hosts: readonly InventoryHost[],
  found: readonly Found[],
): readonly string[] {
  const nodes = new Map(
    found.filter(({ object }) => object.kind === "Node").map((node) => [node.name, node]),
  );
  const listed = new Set(hosts.map(({ name }) => name));
  const strangers = [...nodes.values()].filter(
    (node) => label(node, poolLabel) === gpuPoolSelector[poolLabel] && !listed.has(node.name),
  );
  return [
    ...hosts.flatMap((host) => hostDrift(host, nodes.get(host.name))),
    ...strangers
      .map(({ name }) => `${name}: is in the pool of GPU nodes and not in the inventory`)
      .toSorted(compareText),
  ];
}

function hostDrift(host: InventoryHost, node: Found | undefined): string[] {
  if (node === undefined) return [`${host.name}: is in the inventory and no node`];
  return [...addressDrift(host, node), ...(host.role === "gpu" ? gpuDrift(host, node) : [])].map(
    (drift) => `${host.name}: ${drift}`,
  );
}

function addressDrift({ address }: InventoryHost, node: Found): string[] {
  const internal = elements(at(node.object.body, "status", "addresses"))
    .filter((each) => at(each, "type") === "InternalIP")
    .flatMap((each) => textOf(at(each, "address")) ?? []);
  return internal.includes(address)
    ? []
    : [`has address ${internal.join(", ") || "none"}, and ${address} in the inventory`];
}

function gpuDrift(host: GpuHost, node: Found): string[] {
  const { model, count } = host.gpu;
  const capacity = textOf(at(node.object.body, "status", "capacity", "nvidia.com/gpu"));
  const product = label(node, "nvidia.com/gpu.product");
  const drained = elements(at(node.object.body, "spec", "taints")).some(
    (taint) => at(taint, "key") === drainTaint.key,
  );
  const wanted = host.drain === true;
  return [
    ...(capacity === String(count)
      ? []
      : [`offers ${capacity ?? "no"} GPUs, and ${count} in the inventory`]),
    ...(product === undefined || product === gpuFacts[model].product
      ? []
      : [`has ${product}, and ${gpuFacts[model].product} in the inventory`]),
    ...(drained === wanted
      ? []
      : [wanted ? "is to be drained and takes pods" : "is drained, and not in the inventory"]),
  ];
}

function label(node: Found, name: string): string | undefined {
  return textOf(at(node.object.body, "metadata", "labels", name));
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function elements(value: Value | undefined): readonly Value[] {
  return isArray(value) ? value : [];
}
