import type { Resource } from "../../../policies/model/resource.ts";
import { goodCloud } from "../cloud-graph.ts";
import { goodGateway } from "../gateway-graph.ts";
import { goodResources } from "../good-graph.ts";
import { mutants } from "../mutant-table.ts";

/**
 * What the mutants change or add, all in one graph of the given stack, each with a URN of its own.
 * @param every take only each n-th, where a question costs too much for all of them
 */
export function everyMutant(stack: string, every = 1): readonly Resource[] {
  const good = new Set([...goodResources, ...goodCloud, ...goodGateway]);
  return mutants
    .flatMap((mutant) => mutant.resources.filter((each) => !good.has(each)))
    .filter((_, index) => index % every === 0)
    .map((each, index) => ({
      ...each,
      urn: `${each.urn.replace("urn:pulumi:test::", `urn:pulumi:${stack}::`)}-${index}`,
    }));
}
