import test from "ava";
import * as fc from "fast-check";
import { analyze } from "../../policies/egress/analyze.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { describe } from "../../policies/model/kube-object.ts";
import { at } from "../../policies/model/value.ts";
import { egressRule, policySpec } from "./generators/policies.ts";
import { namespaceName, podLabels, podSelector } from "./generators/selectors.ts";
import { plainUniverse, tieredUniverse } from "./generators/universe.ts";
import type { Universe } from "./oracle/kubernetes.ts";
import { analysisOf, egressOf, envelopeOf, verdicts } from "./support/facts.ts";
import { demandNone, demandSame, holds } from "./support/property.ts";
import { holdsPorts, holdsRanges, sameRanges } from "./support/ranges.ts";
import { denyEgress, podKey, podObject, policy, universeResources } from "./support/resources.ts";
import { asStored, doubled } from "./support/rewrite.ts";
import { keyOf, missing } from "./support/superset.ts";

const universe = fc.oneof(plainUniverse, tieredUniverse);
const runs = 100;

const extraRules = fc.record({
  namespace: namespaceName,
  podSelector,
  egress: fc.array(egressRule, { minLength: 1, maxLength: 2 }),
});

test("one more policy that allows never shrinks what an isolated workload may reach", (t) => {
  const allows = fc.property(universe, extraRules, (given, { namespace, ...spec }) => {
    const before = universeResources(given);
    const extra = policy(namespace, "extra", { ...spec, policyTypes: ["Egress"] });
    const [old, now] = [analysisOf(before), analysisOf([...before, extra])];
    demandNone(
      given.pods.flatMap((pod) => {
        const [was, is] = [egressOf(old, podKey(pod)), egressOf(now, podKey(pod))];
        if (!was.isolated) return [];
        const lost = given.pods.filter(
          (to) =>
            to !== pod &&
            !holdsPorts(
              now.connection(podKey(pod), podKey(to)).egress,
              old.connection(podKey(pod), podKey(to)).egress,
            ),
        );
        const shrunk = !is.isolated || !holdsRanges(is.external, was.external);
        return shrunk || lost.length > 0 ? [`${podKey(pod)} lost something`] : [];
      }),
    );
  });
  holds(t, runs, allows);
});

test("denying all egress of a namespace never grows what anybody may reach", (t) => {
  const denies = fc.property(universe, namespaceName, (given, namespace) => {
    const before = universeResources(given);
    const denied = analysisOf([...before, denyEgress(namespace)]);
    const grown = missing(given, analysisOf(before), denied);
    demandNone(grown.filter((each) => !each.endsWith("isolated")));
  });
  holds(t, runs, denies);
});

test("the order of the objects changes nothing", (t) => {
  const permuted = fc.property(
    universe.chain((given) => {
      const resources = universeResources(given);
      const all = { minLength: resources.length, maxLength: resources.length };
      return fc.tuple(fc.constant(resources), fc.shuffledSubarray([...resources], all));
    }),
    ([resources, shuffled]) => {
      demandSame(verdicts(analysisOf(shuffled)), verdicts(analysisOf(resources)));
    },
  );
  holds(t, runs, permuted);
});

test("a second policy of the same content under another name changes nothing", (t) => {
  const repeated = fc.property(universe, (given) => {
    const resources = universeResources(given);
    demandSame(verdicts(analysisOf(doubled(resources))), verdicts(analysisOf(resources)));
  });
  holds(t, runs, repeated);
});

test("two policies allow what the one or the other allows", (t) => {
  const specs = fc.record({ namespace: namespaceName, spec: policySpec });
  const union = fc.property(plainUniverse, specs, specs, (given, one, other) => {
    const bare = { ...given, policies: [] };
    const base = [...universeResources(bare), ...["a", "b", "c"].map(denyEgress)];
    const first = policy(one.namespace, "first", one.spec);
    const second = policy(other.namespace, "second", other.spec);
    const both = analysisOf([...base, first, second]);
    const apart = [first, second].map((each) => analysisOf([...base, each]));
    demandNone(
      given.pods.flatMap((pod) => {
        const parts = apart.flatMap((each) => egressOf(each, podKey(pod)).external);
        const whole = egressOf(both, podKey(pod)).external;
        return sameRanges(whole, parts) ? [] : [podKey(pod)];
      }),
    );
  });
  holds(t, runs, union);
});

test("the envelope of a namespace holds every pod that could be in it", (t) => {
  const held = fc.property(universe, namespaceName, podLabels, (given, namespace, labels) => {
    const stranger = {
      namespace,
      name: "stranger",
      labels,
      addresses: ["192.0.2.1"],
      ports: [],
    };
    const envelopes = analysisOf(universeResources(given));
    const concrete = analysisOf([...universeResources(given), podObject(stranger)]);
    demandNone(
      [...given.pods, stranger].flatMap((pod) => {
        const envelope = envelopeOf(envelopes, pod.namespace);
        const { isolated, external } = egressOf(concrete, podKey(pod));
        const overrated = envelope.isolated && !isolated;
        return overrated || !holdsRanges(envelope.external, external) ? [podKey(pod)] : [];
      }),
    );
  });
  holds(t, runs, held);
});

test("the form that the API server stores gives the same report", (t) => {
  const same = fc.property(universe, (given) => {
    const resources = universeResources(given);
    demandSame(analysisOf(asStored(resources)).report(), analysisOf(resources).report());
  });
  holds(t, runs, same);
});

test("policies of another namespace change nothing for a pod", (t) => {
  const elsewhere = fc.property(plainUniverse, policySpec, (given, spec) => {
    const own: Universe = { ...given, pods: given.pods.filter((pod) => pod.namespace !== "c") };
    const resources = universeResources(own);
    const more = [...resources, policy("c", "elsewhere", spec)];
    demandSame(verdicts(analysisOf(more)), verdicts(analysisOf(resources)));
  });
  holds(t, runs, elsewhere);
});

test("every reason names an object that is there, and a place in it", (t) => {
  const named = fc.property(universe, (given) => {
    const { objects } = graphOf(universeResources(given));
    const places = new Map(objects.map((each) => [describe(each), each.body]));
    const reasons = analyze(objects)
      .report()
      .workloads.flatMap(({ because }) => because);
    demandNone(
      reasons
        .filter(({ object, path }) => at(places.get(object), ...stepsOf(path)) === undefined)
        .map(({ object, path }) => `${object} ${path}`),
    );
  });
  holds(t, runs, named);
});

test("whoever may reach something is told why", (t) => {
  const explained = fc.property(universe, (given) => {
    const analysis = analysisOf(universeResources(given));
    demandNone(
      analysis
        .report()
        .workloads.filter((each) => each.because.length === 0)
        .filter((each) => each.external.length > 0 || each.inCluster.length > 0)
        .map(keyOf),
    );
  });
  holds(t, runs, explained);
});

/** "spec.egress[0].to[1]" as field names and indexes. */
function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((match) =>
    match[1] === undefined ? match[0] : Number(match[1]),
  );
}
