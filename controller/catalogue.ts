import type { Extension } from "../components/gateway/envoy/types.ts";
import { hashOf } from "../components/lib/migration/canonical.ts";

/** A resource of xDS as JSON. */
export type Resource = Extension;

export interface Offer {
  /** Equal for equal resources, whichever process says so: a new controller changes nothing. */
  readonly version: string;
  readonly resources: readonly Resource[];
}

/** Resources of one type by name. */
export interface Catalogue {
  /** Those of the names that exist; `undefined` where none does. */
  offer(names: readonly string[]): Offer | undefined;
}

export function catalogue(entries: readonly (readonly [string, Resource])[]): Catalogue {
  const resources = new Map(entries);
  const offers = new Map<string, Offer | undefined>();
  return {
    offer(names) {
      const known = [...new Set(names)].filter((name) => resources.has(name)).toSorted();
      const key = known.join(" ");
      if (!offers.has(key))
        offers.set(key, offerOf(known.flatMap((name) => listed(resources.get(name)))));
      return offers.get(key);
    },
  };
}

function offerOf(resources: readonly Resource[]): Offer | undefined {
  if (resources.length === 0) return undefined;
  return { version: hashOf(resources).slice(0, 16), resources };
}

function listed(resource: Resource | undefined): readonly Resource[] {
  return resource === undefined ? [] : [resource];
}
