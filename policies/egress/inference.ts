import { inInference } from "../kubernetes/scope.ts";
import { describe } from "../model/kube-object.ts";
import type { Settings } from "../model/settings.ts";
import type { Analysis } from "./analyze.ts";
import type { Workload } from "./read/workloads.ts";
import { block } from "./sets/addresses.ts";
import { portsOf } from "./sets/ports.ts";
import {
  externalRanges,
  nowhere,
  type Region,
  region,
  subtractRegions,
  unite,
} from "./sets/region.ts";

/** Workloads that hold models or prompts. */
export function inferenceWorkloads(analysis: Analysis, settings: Settings): readonly Workload[] {
  return analysis.workloads.filter(({ object }) => inInference(object, settings));
}

/** The ways out that a stack has decided on. */
export function allowedRegion({ policies }: Settings): Region {
  return policies.allowedEgress
    .map(({ cidr, protocol, port, endPort }) =>
      region(block(cidr), portsOf([{ protocol, fromPort: port, toPort: endPort ?? port }])),
    )
    .reduce(unite, nowhere);
}

/** What of a region the stack does not allow. */
export function beyond(place: Region, allowed: Region): Region {
  return subtractRegions(place, allowed);
}

/** A region in a few words, the first blocks by name. */
export function inWords(place: Region): string {
  const ranges = externalRanges(place);
  const byCidr = [...Map.groupBy(ranges, ({ cidr }) => cidr)];
  const shown = byCidr.slice(0, 2).map(([cidr, open]) => {
    const whole = open.every(({ fromPort, toPort }) => fromPort === 1 && toPort === 65_535);
    if (open.length === 3 && whole) return `${cidr} on every port`;
    return `${cidr} on ${open
      .slice(0, 3)
      .map(({ protocol, fromPort, toPort }) =>
        fromPort === toPort ? `${protocol} ${fromPort}` : `${protocol} ${fromPort}-${toPort}`,
      )
      .join(", ")}`;
  });
  const more = byCidr.length - shown.length;
  return `${shown.join(" and ")}${more > 0 ? ` and ${more} further blocks` : ""}`;
}

export function nameOf({ object }: Workload): string {
  return describe(object);
}
