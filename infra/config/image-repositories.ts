import { mirroredRepository, type Registry } from "../../components/lib/images.ts";
import { registrySchema } from "../../components/lib/stack/registry.ts";
import { images } from "../versions.ts";
import type { ClusterLayerConfig } from "./cluster-layer.ts";
import type { Fault } from "./faults.ts";

type Cluster = Pick<ClusterLayerConfig["cluster"], "accountId" | "region" | "imageRepositories">;

/** Paths below the registry's host of all images that a cluster of machines can pull, sorted. */
export function imageRepositories(registry: Registry): readonly string[] {
  const { simulator: _, ...real } = images;
  const paths = Object.values(real).map((image) =>
    mirroredRepository(image, registry).slice(registry.host.length + 1),
  );
  return [...new Set(paths)].toSorted();
}

/** Repositories are made in the account's own registry, so pods have to pull from there. */
export function repositoryFaults(cluster: Cluster, registry: unknown): Fault[] {
  const named = registrySchema.safeParse(registry);
  if (!cluster.imageRepositories || !named.success) return [];
  const own = `${cluster.accountId}.dkr.ecr.${cluster.region}.amazonaws.com`;
  if (named.data.host === own) return [];
  const message = `true, but registry.host is ${named.data.host}; set it to ${own}, or leave imageRepositories out`;
  return [{ path: ["cluster", "imageRepositories"], message }];
}
