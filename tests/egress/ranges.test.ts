import test from "ava";
import * as fc from "fast-check";
import type { ExternalRange } from "../../policies/egress/result.ts";
import { counterparts, families, placeAddress, places } from "./generators/addresses.ts";
import { halves } from "./generators/halves.ts";
import { plainUniverse, tieredUniverse } from "./generators/universe.ts";
import type { IpBlock } from "./oracle/kubernetes.ts";
import { protocols } from "./oracle/kubernetes.ts";
import { analysisOf, egressOf, show } from "./support/facts.ts";
import {
  arePortsSorted,
  areRangesSorted,
  mergeableBlocks,
  mergeablePorts,
  mergeableRanges,
} from "./support/minimal.ts";
import { demandNone, demandSame, holds } from "./support/property.ts";
import { coversAddress, lastPort, portBorders } from "./support/ranges.ts";
import { podKey, podObject, policy, universeResources } from "./support/resources.ts";
import { swapFamilies } from "./support/rewrite.ts";

const universe = fc.oneof(plainUniverse, tieredUniverse);
const runs = 100;

const pod = { namespace: "a", name: "p", labels: {}, addresses: ["192.0.2.1"], ports: [] };

/** What a pod may reach that one policy lets out to these blocks. */
function reached(blocks: readonly IpBlock[]): readonly ExternalRange[] {
  const allow = policy("a", "allow", {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [{ to: blocks.map((ipBlock) => ({ ipBlock })) }],
  });
  return egressOf(analysisOf([podObject(pod), allow]), podKey(pod)).external;
}

test("a pod that nothing isolates may reach ports 1-65535 of TCP, UDP and SCTP in both families", (t) => {
  const { isolated, external } = egressOf(analysisOf([podObject(pod)]), podKey(pod));
  t.false(isolated);
  const expected = ["0.0.0.0/0", "::/0"].flatMap((cidr) =>
    protocols.map((protocol) => `${cidr} ${protocol} 1-${lastPort}`),
  );
  t.deepEqual(external.map(show).toSorted(), expected.toSorted());
});

test("a block is the same as its two halves", (t) => {
  const split = fc.property(halves, ({ whole, lower, upper }) => {
    demandSame(reached([{ cidr: lower }, { cidr: upper }]), reached([{ cidr: whole }]));
  });
  holds(t, runs, split);
});

test("a block without its one half is the other half", (t) => {
  const excepted = fc.property(halves, ({ whole, lower, upper }) => {
    demandSame(reached([{ cidr: whole, except: [lower] }]), reached([{ cidr: upper }]));
    demandSame(reached([{ cidr: whole, except: [upper] }]), reached([{ cidr: lower }]));
  });
  holds(t, runs, excepted);
});

test("an exception of one peer takes nothing away from another peer", (t) => {
  const kept = fc.property(halves, ({ whole, lower }) => {
    const both = reached([{ cidr: whole, except: [lower] }, { cidr: lower }]);
    demandSame(both, reached([{ cidr: whole }]));
  });
  holds(t, runs, kept);
});

test("IPv4 and IPv6 in the same places give the same report", (t) => {
  const symmetric = fc.property(universe, (given) => {
    const resources = universeResources(given);
    const [one, other] = [analysisOf(resources), analysisOf(swapFamilies(resources))];
    for (const each of given.pods) {
      const here = egressOf(one, podKey(each)).external;
      const there = egressOf(other, podKey(each)).external;
      demandNone(asymmetries(here, there));
      for (const to of given.pods) {
        if (to === each) continue;
        const edge = [podKey(each), podKey(to)] as const;
        demandSame(other.connection(...edge), one.connection(...edge));
      }
    }
  });
  holds(t, runs, symmetric);
});

function asymmetries(
  here: readonly ExternalRange[],
  there: readonly ExternalRange[],
): readonly string[] {
  const ports = portBorders([...here, ...there]);
  const addresses = families.flatMap((family) => places.map((each) => placeAddress(family, each)));
  return addresses.flatMap((address) =>
    protocols.flatMap((protocol) =>
      ports
        .filter(
          (port) =>
            coversAddress(here, address, protocol, port) !==
            coversAddress(there, counterparts.get(address) ?? address, protocol, port),
        )
        .map((port) => `${address} ${protocol}/${port}`),
    ),
  );
}

test("no two ranges of a report could be written as one, and they are sorted", (t) => {
  const minimal = fc.property(universe, (given) => {
    const analysis = analysisOf(universeResources(given));
    for (const { external } of analysis.report().workloads) {
      demandNone([...mergeableBlocks(external), ...mergeableRanges(external)]);
      if (!areRangesSorted(external)) throw new Error(external.map(show).join(", "));
    }
    for (const from of given.pods) {
      for (const to of given.pods) {
        if (to === from) continue;
        const { egress, ingress } = analysis.connection(podKey(from), podKey(to));
        demandNone([...mergeablePorts(egress), ...mergeablePorts(ingress)]);
        if (!arePortsSorted(egress) || !arePortsSorted(ingress)) throw new Error(podKey(from));
      }
    }
  });
  holds(t, runs, minimal);
});
