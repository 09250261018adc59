import test from "ava";
import * as fc from "fast-check";
import {
  addressesHold,
  addressesMeet,
  block,
  blocksOf,
  families,
  intersectAddresses,
  subtractAddresses,
  uniteAddresses,
} from "../../policies/egress/sets/addresses.ts";
import {
  holdsPort,
  intersectPorts,
  isNoPorts,
  portsOf,
  rangesOf,
  subtractPorts,
  unitePorts,
} from "../../policies/egress/sets/ports.ts";
import {
  externalRanges,
  intersectRegions,
  isNowhere,
  portsAt,
  region,
  subtractRegions,
  unite,
  uniteAll,
} from "../../policies/egress/sets/region.ts";
import { intersect, normalize, type Span, subtract } from "../../policies/egress/sets/spans.ts";
import { cidr } from "./generators/addresses.ts";
import { portRange, protocol } from "./generators/policies.ts";
import { addressNumber } from "./oracle/addresses.ts";
import { protocols } from "./oracle/kubernetes.ts";
import { mergeablePorts } from "./support/minimal.ts";
import { demandNone, demandSame, holds } from "./support/property.ts";
import { addressBorders, coversAddress, portBorders } from "./support/ranges.ts";

const runs = 300;
const numbers = Array.from({ length: 16 }, (_, index) => index);
const step = { next: (value: number) => value + 1, previous: (value: number) => value - 1 };

const spans: fc.Arbitrary<readonly Span<number>[]> = fc.array(
  fc
    .tuple(fc.nat(15), fc.nat(15))
    .map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) })),
  { maxLength: 4 },
);

const isIn = (all: readonly Span<number>[], value: number) =>
  all.some(({ from, to }) => from <= value && value <= to);

/** Sorted, with a gap between any two, and so the only way to write its set. */
function isNormal(all: readonly Span<number>[]): boolean {
  return all.every(({ from, to }, index) => {
    const before = all[index - 1];
    return from <= to && (before === undefined || before.to + 1 < from);
  });
}

test("spans are united, cut and subtracted as sets of numbers are", (t) => {
  const sets = fc.property(spans, spans, (one, other) => {
    const [a, b] = [normalize(one, step.next), normalize(other, step.next)];
    const [both, rest] = [intersect(a, b), subtract(a, b, step)];
    demandSame([a, b, both, rest].map(isNormal), [true, true, true, true]);
    demandSame(
      numbers.map((value) => [isIn(a, value), isIn(both, value), isIn(rest, value)]),
      numbers.map((value) => {
        const [here, there] = [isIn(one, value), isIn(other, value)];
        return [here, here && there, here && !there];
      }),
    );
  });
  holds(t, runs, sets);
});

const portRanges = fc.array(
  fc
    .tuple(protocol, portRange)
    .map(([proto, { port, endPort }]) => ({ protocol: proto, fromPort: port, toPort: endPort })),
  { maxLength: 3 },
);

test("ports are united, cut and subtracted as sets of numbers are", (t) => {
  const sets = fc.property(portRanges, portRanges, (one, other) => {
    const [a, b] = [portsOf(one), portsOf(other)];
    const results = [unitePorts(a, b), intersectPorts(a, b), subtractPorts(a, b)];
    demandNone(results.flatMap((each) => mergeablePorts(rangesOf(each))));
    demandSame(
      results.map((each) => [portsOf(rangesOf(each)).key, isNoPorts(each)]),
      results.map((each) => [each.key, rangesOf(each).length === 0]),
    );
    for (const port of portBorders([...one, ...other])) {
      for (const each of protocols) {
        const [here, there] = [holdsPort(a, each, port), holdsPort(b, each, port)];
        const expected = [here || there, here && there, here && !there];
        demandSame(
          results.map((result) => holdsPort(result, each, port)),
          expected,
        );
      }
    }
  });
  holds(t, runs, sets);
});

const cidrs = fc.array(cidr, { maxLength: 3 });
const addressesOf = (texts: readonly string[]) => uniteAddresses(texts.map(block));

test("addresses are cut and subtracted as sets are, and written in the fewest blocks", (t) => {
  const sets = fc.property(cidrs, cidrs, (one, other) => {
    const [a, b] = [addressesOf(one), addressesOf(other)];
    const [both, rest] = [intersectAddresses(a, b), subtractAddresses(a, b)];
    const text = (set: typeof a) =>
      families.flatMap((family) => blocksOf(family, set[family]).map((each) => each.text));
    demandSame(text(addressesOf(text(a))), text(a));
    demandSame(text(addressesOf([...text(both), ...text(rest)])), text(a));
    demandSame(addressesMeet(a, b), text(both).length > 0);
    demandSame(addressesHold(b, a), text(rest).length === 0);
    demandSame(text(intersectAddresses(rest, b)), []);
  });
  holds(t, runs, sets);
});

const places = fc.array(fc.tuple(cidr, portRanges), { maxLength: 3 });
type Places = readonly (readonly [string, Parameters<typeof portsOf>[0]])[];

function regionOf(parts: Places) {
  return uniteAll(
    parts.map(([text, ports]) => ({ addresses: block(text), ports: portsOf(ports) })),
  );
}

test("regions are united, cut and subtracted as sets of points are", (t) => {
  const sets = fc.property(places, places, (one, other) => {
    const [a, b] = [regionOf(one), regionOf(other)];
    const parts = [unite(a, b), intersectRegions(a, b), subtractRegions(a, b)];
    const written = [a, b, ...parts].map(externalRanges);
    demandSame(
      written.map((each) => each.length === 0),
      [a, b, ...parts].map(isNowhere),
    );
    const ports = portBorders([...one, ...other].flatMap(([, ranges]) => ranges));
    for (const address of addressBorders([...one, ...other].map(([text]) => text))) {
      const host = { 4: [], 6: [], ...hostOf(address) };
      for (const each of protocols) {
        for (const port of ports) {
          const [here, there, ...found] = written.map((ranges) =>
            coversAddress(ranges, address, each, port),
          );
          const [in1, in2] = [here === true, there === true];
          demandSame(found, [in1 || in2, in1 && in2, in1 && !in2]);
          demandSame(holdsPort(portsAt(a, host), each, port), in1);
        }
      }
    }
  });
  holds(t, 100, sets);
});

function hostOf(address: string) {
  const { family, value } = addressNumber(address);
  return { [family]: [{ from: value, to: value }] };
}

test("a region of one part is the part itself", (t) => {
  const single = fc.property(cidr, portRanges, (text, ranges) => {
    const place = region(block(text), portsOf(ranges));
    demandSame(place, regionOf([[text, ranges]]));
    demandSame(portsAt(place, block(text)).key, portsOf(ranges).key);
  });
  holds(t, runs, single);
});
