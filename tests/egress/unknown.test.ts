import test from "ava";
import * as fc from "fast-check";
import { obscured } from "./generators/unknowns.ts";
import { analysisOf, verdicts } from "./support/facts.ts";
import { demandNone, demandSame, holds } from "./support/property.ts";
import { universeResources } from "./support/resources.ts";
import { missing } from "./support/superset.ts";

test("what cannot be read lets out at least what any value in its place would", (t) => {
  const wider = fc.property(obscured, ({ universe, resources, places }) => {
    const narrow = analysisOf(universeResources(universe));
    const lost = missing(universe, analysisOf(resources), narrow);
    demandNone(lost.map((each) => `${places.join(", ")} hides ${each}`));
  });
  holds(t, 500, wider);
});

/** An address that the API server gives a Service later is no fault of whoever declares it. */
const declared = obscured.filter(
  ({ places }) => !places.some((place) => place.endsWith("spec.clusterIP")),
);

test("what cannot be read is told, unless nothing depends on it", (t) => {
  const told = fc.property(declared, ({ universe, resources }) => {
    const analysis = analysisOf(resources);
    if (analysis.report().errors.length > 0) return;
    demandSame(verdicts(analysis), verdicts(analysisOf(universeResources(universe))));
  });
  holds(t, 500, told);
});
