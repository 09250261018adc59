import type { Resource } from "../../../policies/model/resource.ts";
import { goodCloud } from "../cloud-graph.ts";
import { goodResources } from "../good-graph.ts";
import { mutants } from "../mutant-table.ts";

/** What the mutants change or add, all in one graph of the given stack, each with a URN of its own. */
export function everyMutant(stack: string): readonly Resource[] {
  const good = new Set([...goodResources, ...goodCloud]);
  return mutants
    .flatMap((mutant) => mutant.resources.filter((each) => !good.has(each)))
    .map((each, index) => ({
      ...each,
      urn: `${each.urn.replace("urn:pulumi:test::", `urn:pulumi:${stack}::`)}-${index}`,
    }));
}
