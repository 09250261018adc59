import { chartKey, imageKey } from "../infra/lock.ts";
import { type ChartVersion, charts, type ImageVersion, images } from "../infra/versions.ts";

export const kinds = ["images", "charts", "models"] as const;
export type Kind = (typeof kinds)[number];

/** Everything that the lock has to hold. */
export interface Catalogue {
  readonly images: readonly ImageVersion[];
  readonly charts: readonly ChartVersion[];
  /** Model repositories, such as `meta-llama/Llama-3.3-70B-Instruct`. */
  readonly models: readonly string[];
}

/**
 * What this repository deploys.
 * @param models repositories that its stacks serve; a licence has to be accepted for many others, and nobody
 *   should have to who does not serve them
 */
export function catalogueOf(models: readonly string[]): Catalogue {
  return { images: Object.values(images), charts: Object.values(charts), models };
}

/** Keys of images that are built from this repository: only a site's own registry can have them. */
export function builtKeys(from: Catalogue): ReadonlySet<string> {
  return new Set(
    from.images.filter(({ builtFrom }) => builtFrom !== undefined).map((image) => imageKey(image)),
  );
}

/** One name to read; `key` is its name in the lock. */
export type Subject =
  | { readonly kind: "images"; readonly key: string; readonly image: ImageVersion }
  | { readonly kind: "charts"; readonly key: string; readonly chart: ChartVersion }
  | { readonly kind: "models"; readonly key: string; readonly repository: string };

/** Each name once, although two components may use the same image. */
export function subjectsOf(from: Catalogue, wanted: readonly Kind[]): readonly Subject[] {
  const all: readonly Subject[] = [
    ...from.images.map((image) => ({ kind: "images" as const, key: imageKey(image), image })),
    ...from.charts.map((chart) => ({ kind: "charts" as const, key: chartKey(chart), chart })),
    ...from.models.map((repository) => ({ kind: "models" as const, key: repository, repository })),
  ];
  const unique = new Map(all.map((subject) => [`${subject.kind} ${subject.key}`, subject]));
  return [...unique.values()].filter((subject) => wanted.includes(subject.kind));
}
