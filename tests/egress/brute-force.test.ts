import test, { type ExecutionContext } from "ava";
import * as fc from "fast-check";
import { plainUniverse, servedUniverse, tieredUniverse } from "./generators/universe.ts";
import type { Universe } from "./oracle/kubernetes.ts";
import { disagreements } from "./support/compare.ts";
import { analysisOf } from "./support/facts.ts";
import { demandNone, holds } from "./support/property.ts";
import { universeResources } from "./support/resources.ts";

/** Demands the same answer at every point of generated clusters. */
function agree(t: ExecutionContext, universes: fc.Arbitrary<Universe>, runs: number): void {
  const same = fc.property(universes, (universe) => {
    demandNone(disagreements(universe, analysisOf(universeResources(universe))));
  });
  holds(t, runs, same);
}

test("the analysis agrees with the brute-force evaluator about network policies", (t) => {
  agree(t, plainUniverse, 300);
});

test("the analysis agrees with the brute-force evaluator about policies of the tiers above", (t) => {
  agree(t, tieredUniverse, 250);
});

test("the analysis agrees with the brute-force evaluator about Services", (t) => {
  agree(t, servedUniverse, 150);
});
