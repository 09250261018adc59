import { analyze } from "../../policies/egress/analyze.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { cyclonusFile, readCyclonus } from "./support/cyclonus.ts";
import { coversPort } from "./support/ranges.ts";
import { podKey, universeResources } from "./support/resources.ts";
import { withVectors } from "./support/vector-folder.ts";

const vectorTest = withVectors(cyclonusFile);

const defined = 109_956;
const selfFlows = 13_713;

vectorTest("every defined Cyclonus flow has the expected verdict", async (t) => {
  const agreed = { ingress: 0, egress: 0, combined: 0, self: 0 };
  const wrong: string[] = [];
  for (const { title, universe, flows } of await readCyclonus()) {
    const analysis = analyze(graphOf(universeResources(universe)).objects);
    const sidesOf = memoized((edge) => analysis.connection(...edge));
    for (const { from, to, protocol, port, expected } of flows) {
      if (expected === undefined) {
        agreed.self += 1;
        continue;
      }
      const sides = sidesOf([podKey(from), podKey(to)]);
      const ingress = coversPort(sides.ingress, protocol, port);
      const egress = coversPort(sides.egress, protocol, port);
      if (ingress === expected.ingress) agreed.ingress += 1;
      if (egress === expected.egress) agreed.egress += 1;
      if ((ingress && egress) === expected.combined) agreed.combined += 1;
      else wrong.push(`${title}: ${podKey(from)} -> ${podKey(to)} ${protocol}/${port}`);
    }
  }
  t.log(
    `ingress ${agreed.ingress}, egress ${agreed.egress}, combined ${agreed.combined} of ${defined} flows; ${agreed.self} of a pod to itself passed over`,
  );
  t.deepEqual(wrong.slice(0, 10), []);
  t.deepEqual(agreed, {
    ingress: defined,
    egress: defined,
    combined: defined,
    self: selfFlows,
  });
});

vectorTest("no object of the Cyclonus corpus is refused", async (t) => {
  const refused = (await readCyclonus()).flatMap(({ title, universe }) =>
    analyze(graphOf(universeResources(universe)).objects)
      .report()
      .errors.map(({ object, path, reason }) => `${title}: ${object} ${path} ${reason}`),
  );
  t.deepEqual(refused, []);
});

/** Six flows ask about the same two pods. */
function memoized<T>(ask: (edge: readonly [string, string]) => T): typeof ask {
  const answers = new Map<string, T>();
  return (edge) => {
    const known = answers.get(edge.join(" "));
    if (known !== undefined) return known;
    const answer = ask(edge);
    answers.set(edge.join(" "), answer);
    return answer;
  };
}
