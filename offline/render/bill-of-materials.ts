import { chartKey, imageKey, type Lock } from "../../infra/lock.ts";
import { type ChartVersion, charts, type ImageVersion, images } from "../../infra/versions.ts";
import { imageFields } from "../../policies/kubernetes/image-fields.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { describe } from "../../policies/model/kube-object.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { ExpandedChart } from "../charts/expand.ts";

/** Everything a site has to have inside before it can deploy a stack. */
export interface BillOfMaterials {
  readonly images: readonly ImageItem[];
  readonly charts: readonly ChartItem[];
  readonly models: readonly ModelItem[];
}

interface ImageItem {
  /** Reference as pods pull it. */
  readonly image: string;
  /** Where to mirror it from; absent for an image that versions.ts does not list, or that is built here. */
  readonly upstream?: string;
  /** Folder of this repository that the image is built from, for one that nobody publishes. */
  readonly builtFrom?: string;
  /** The digest was made up for a first look and never read from a registry. */
  readonly example: boolean;
  /** Objects that use it; empty for what an operator deploys later. */
  readonly usedBy: readonly string[];
}

interface ChartItem {
  readonly chart: string;
  readonly version: string;
  readonly repository: string;
  readonly digest: string;
  readonly example: boolean;
}

interface ModelItem {
  readonly repository: string;
  readonly revision: string;
  readonly example: boolean;
}

/** @param models repositories of the models that the stack serves */
export function billOfMaterials(
  resources: readonly Resource[],
  expanded: readonly ExpandedChart[],
  models: readonly string[],
  lock: Lock,
): BillOfMaterials {
  return {
    images: imageItems(resources, lock),
    charts: expanded.map((chart) => chartItem(chart, lock)).toSorted(by((item) => item.chart)),
    models: models
      .map((repository) => modelItem(repository, lock))
      .toSorted(by((item) => item.repository)),
  };
}

function imageItems(resources: readonly Resource[], lock: Lock): ImageItem[] {
  const users = new Map<string, Set<string>>();
  for (const object of graphOf(resources).objects) {
    for (const { field } of imageFields(object)) {
      if (typeof field.value !== "string") continue;
      const used = users.get(field.value) ?? new Set<string>();
      users.set(field.value, used.add(describe(object)));
    }
  }
  for (const reference of operandImages(resources)) {
    if (!users.has(reference)) users.set(reference, new Set());
  }
  return [...users]
    .map(([image, used]) => ({ image, ...origin(image, lock), usedBy: [...used].toSorted() }))
    .toSorted(by((item) => item.image));
}

/** Images that an operator will deploy: named in the values of its chart, never in an object of ours. */
function operandImages(resources: readonly Resource[]): string[] {
  return resources.flatMap((resource) => {
    const list = resource.properties["operandImages"];
    return Array.isArray(list) ? list.filter((image) => typeof image === "string") : [];
  });
}

function origin(image: string, lock: Lock): Pick<ImageItem, "upstream" | "builtFrom" | "example"> {
  const digest = image.split("@")[1];
  const known = Object.values<ImageVersion>(images).find(
    (candidate) =>
      lock.images[imageKey(candidate)]?.digest === digest && image.includes(candidate.repository),
  );
  if (known === undefined) return { example: false };
  const example = lock.images[imageKey(known)]?.example === true;
  if (known.builtFrom !== undefined) return { builtFrom: known.builtFrom, example };
  return { upstream: `${imageKey(known)}@${digest}`, example };
}

function chartItem({ name, version }: ExpandedChart, lock: Lock): ChartItem {
  const known = Object.values<ChartVersion>(charts).find((candidate) => candidate.chart === name);
  if (known === undefined)
    throw new Error(`chart ${name} is not in infra/versions.ts; list it there`);
  const locked = lock.charts[chartKey(known)];
  if (locked === undefined)
    throw new Error(`the digest lock lacks chart ${name}; run npm run lock`);
  return {
    chart: name,
    version,
    repository: known.repository,
    digest: locked.digest,
    example: locked.example === true,
  };
}

function modelItem(repository: string, lock: Lock): ModelItem {
  const locked = lock.models[repository];
  if (locked === undefined)
    throw new Error(`the digest lock lacks model ${repository}; run npm run lock`);
  return { repository, revision: locked.revision, example: locked.example === true };
}

function by<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [first, second] = [key(a), key(b)];
    if (first === second) return 0;
    return first < second ? -1 : 1;
  };
}
