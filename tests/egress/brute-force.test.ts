import test from "ava";
import * as fc from "fast-check";
import { plainUniverse, tieredUniverse } from "./generators/universe.ts";
import { disagreements } from "./support/compare.ts";
import { declare } from "./support/declare.ts";
import { analysisOf } from "./support/facts.ts";
import { demandNone, holds } from "./support/property.ts";
import { universeResources } from "./support/resources.ts";

const runs = 250;

test("the analysis agrees with the brute-force evaluator about network policies", (t) => {
  const agree = fc.property(plainUniverse, (given) => {
    demandNone(disagreements(given, analysisOf(universeResources(given))));
  });
  holds(t, runs, agree);
});

declare(
  "the analysis agrees with the brute-force evaluator about policies of the tiers above",
  (t) => {
    const agree = fc.property(tieredUniverse, (given) => {
      demandNone(disagreements(given, analysisOf(universeResources(given))));
    });
    holds(t, runs, agree);
  },
);

test("whatever passes the tiers by the brute-force evaluator passes them in the analysis", (t) => {
  const sound = fc.property(tieredUniverse, (given) => {
    const found = disagreements(given, analysisOf(universeResources(given)));
    demandNone(found.filter((each) => !each.endsWith("expected false")));
  });
  holds(t, runs, sound);
});
