import type { Analysis } from "../../../policies/egress/analyze.ts";
import type { WorkloadEgress } from "../../../policies/egress/result.ts";
import { portNumbers } from "../generators/policies.ts";
import { isIsolated, maySendTo } from "../oracle/allowed.ts";
import { type Pod, protocols, type Universe } from "../oracle/kubernetes.ts";
import { isBackend } from "../oracle/services.ts";
import { passes, reachesService, sideAllows } from "../oracle/sides.ts";
import {
  addressBorders,
  coversAddress,
  coversPort,
  portBorders,
  universeBlocks,
} from "./ranges.ts";
import { podKey } from "./resources.ts";
import { keyOf } from "./superset.ts";

/** Every port at which a generated policy can change its answer. */
const policyBorders = portNumbers.map((port) => ({ fromPort: port, toPort: port }));

/** Where an analysis and the brute-force evaluator disagree, point by point. */
export function disagreements(universe: Universe, analysis: Analysis): readonly string[] {
  const { workloads, errors } = analysis.report();
  return [
    ...errors.map(({ object, path, reason }) => `error: ${object} ${path} ${reason}`),
    ...universe.pods.flatMap((pod) => {
      const entry = workloads.find(
        (each) => each.namespace === pod.namespace && each.name === pod.name,
      );
      if (entry === undefined) return [`${podKey(pod)} is missing`];
      return [
        ...isolation(universe, pod, entry),
        ...externalPoints(universe, pod, entry),
        ...peerPoints(universe, pod, entry),
        ...servicePoints(universe, pod, entry),
      ];
    }),
    ...universe.pods.flatMap((from) =>
      universe.pods
        .filter((to) => to !== from)
        .flatMap((to) => connectionPoints(universe, from, to, analysis)),
    ),
    ...universe.pods.flatMap((from) => closurePoints(universe, from, analysis)),
  ];
}

function isolation(universe: Universe, pod: Pod, entry: WorkloadEgress): readonly string[] {
  const expected = isIsolated(universe, pod);
  return entry.isolated === expected ? [] : [`${podKey(pod)} isolated: expected ${expected}`];
}

function externalPoints(universe: Universe, pod: Pod, entry: WorkloadEgress): readonly string[] {
  const addresses = addressBorders([
    ...universeBlocks(universe),
    ...entry.external.map(({ cidr }) => cidr),
  ]);
  const ports = portBorders([...policyBorders, ...entry.external]);
  return addresses.flatMap((address) =>
    protocols.flatMap((protocol) =>
      ports.flatMap((port) => {
        const expected = maySendTo(universe, pod, address, protocol, port);
        const found = coversAddress(entry.external, address, protocol, port);
        if (expected === found) return [];
        return [`${podKey(pod)} to ${address} ${protocol}/${port}: expected ${expected}`];
      }),
    ),
  );
}

/** What the report says of other pods: the ports that both sides leave open. */
function peerPoints(universe: Universe, from: Pod, entry: WorkloadEgress): readonly string[] {
  return universe.pods
    .filter((to) => to !== from)
    .flatMap((to) => {
      const peers = entry.inCluster.filter((each) => keyOf(each) === podKey(to));
      return portBorders([...policyBorders, ...peers]).flatMap((port) =>
        protocols.flatMap((protocol) => {
          const expected = passes(universe, from, to, protocol, port);
          if (expected === coversPort(peers, protocol, port)) return [];
          const edge = `${podKey(from)} -> ${podKey(to)}`;
          return [`report of ${edge} ${protocol}/${port}: expected ${expected}`];
        }),
      );
    });
}

/** What the report says of Services; one for the pod that stands behind it is passed over. */
function servicePoints(universe: Universe, from: Pod, entry: WorkloadEgress): readonly string[] {
  const others = (universe.services ?? []).filter((service) => !isBackend(service, from));
  return others.flatMap((service) => {
    const key = `${service.namespace}/Service/${service.name}`;
    const peers = entry.inCluster.filter((each) => keyOf(each) === key);
    return portBorders([...policyBorders, ...peers]).flatMap((port) =>
      protocols.flatMap((protocol) => {
        const expected = reachesService(universe, from, service, protocol, port);
        if (expected === coversPort(peers, protocol, port)) return [];
        return [`report of ${podKey(from)} -> ${key} ${protocol}/${port}: expected ${expected}`];
      }),
    );
  });
}

function connectionPoints(
  universe: Universe,
  from: Pod,
  to: Pod,
  analysis: Analysis,
): readonly string[] {
  const found = analysis.connection(podKey(from), podKey(to));
  const sides = [
    { direction: "Egress", ranges: found.egress },
    { direction: "Ingress", ranges: found.ingress },
  ] as const;
  return sides.flatMap(({ direction, ranges }) =>
    portBorders([...policyBorders, ...ranges]).flatMap((port) =>
      protocols.flatMap((protocol) => {
        const expected = sideAllows(universe, direction, from, to, protocol, port);
        if (expected === coversPort(ranges, protocol, port)) return [];
        const edge = `${direction} of ${podKey(from)} -> ${podKey(to)}`;
        return [`${edge} ${protocol}/${port}: expected ${expected}`];
      }),
    ),
  );
}

/** Every pod that another one can get data to, by way of any others. */
function closurePoints(universe: Universe, start: Pod, analysis: Analysis): readonly string[] {
  const reached = new Set<Pod>();
  const queue = [start];
  for (let from = queue.pop(); from !== undefined; from = queue.pop()) {
    for (const to of universe.pods) {
      if (to === from || reached.has(to) || !canTalk(universe, from, to)) continue;
      reached.add(to);
      queue.push(to);
    }
  }
  reached.delete(start);
  const found = new Set(analysis.closure(podKey(start)).map(({ workload }) => workload.key));
  return universe.pods
    .filter((pod) => pod !== start && reached.has(pod) !== found.has(podKey(pod)))
    .map((pod) => `${podKey(start)} reaches ${podKey(pod)}: expected ${reached.has(pod)}`);
}

function canTalk(universe: Universe, from: Pod, to: Pod): boolean {
  return portBorders(policyBorders).some((port) =>
    protocols.some((protocol) => passes(universe, from, to, protocol, port)),
  );
}
