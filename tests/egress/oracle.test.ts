import { sideAllows } from "./oracle/sides.ts";
import { cyclonusFile, readCyclonus } from "./support/cyclonus.ts";
import { withVectors } from "./support/vector-folder.ts";

const vectorTest = withVectors(cyclonusFile);

vectorTest("the brute-force evaluator agrees with every Cyclonus flow", async (t) => {
  const agreed = { ingress: 0, egress: 0, combined: 0, self: 0 };
  for (const { universe, flows } of await readCyclonus()) {
    for (const { from, to, protocol, port, expected } of flows) {
      if (expected === undefined) {
        agreed.self += 1;
        continue;
      }
      const ingress = sideAllows(universe, "Ingress", from, to, protocol, port);
      const egress = sideAllows(universe, "Egress", from, to, protocol, port);
      if (ingress === expected.ingress) agreed.ingress += 1;
      if (egress === expected.egress) agreed.egress += 1;
      if ((ingress && egress) === expected.combined) agreed.combined += 1;
    }
  }
  t.deepEqual(agreed, { ingress: 109_956, egress: 109_956, combined: 109_956, self: 13_713 });
});
