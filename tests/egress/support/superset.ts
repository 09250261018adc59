import type { Analysis } from "../../../policies/egress/analyze.ts";
import type { InClusterPeer, WorkloadEgress } from "../../../policies/egress/result.ts";
import type { Universe } from "../oracle/kubernetes.ts";
import { holdsPorts, holdsRanges } from "./ranges.ts";
import { podKey } from "./resources.ts";

/** Everything that the second analysis lets out and the first does not. */
export function missing(universe: Universe, wide: Analysis, narrow: Analysis): readonly string[] {
  const found = wide.report().workloads;
  return [
    ...narrow.report().workloads.flatMap((entry) => {
      const other = found.find((each) => keyOf(each) === keyOf(entry));
      return other === undefined ? [`${keyOf(entry)} is missing`] : missingIn(other, entry);
    }),
    ...missingConnections(universe, wide, narrow),
  ];
}

function missingIn(wide: WorkloadEgress, narrow: WorkloadEgress): readonly string[] {
  const key = keyOf(narrow);
  return [
    ...(wide.isolated && !narrow.isolated ? [`${key} is called isolated`] : []),
    ...(holdsRanges(wide.external, narrow.external) ? [] : [`addresses of ${key}`]),
    ...narrow.inCluster
      .filter((peer) => !holdsPorts(portsTo(wide, peer), [peer]))
      .map((peer) => `${key} -> ${keyOf(peer)} in the report`),
  ];
}

export function missingConnections(
  universe: Universe,
  wide: Analysis,
  narrow: Analysis,
): readonly string[] {
  return universe.pods.flatMap((from) =>
    universe.pods
      .filter((to) => to !== from)
      .flatMap((to) => {
        const all = wide.connection(podKey(from), podKey(to));
        const some = narrow.connection(podKey(from), podKey(to));
        return (["egress", "ingress"] as const)
          .filter((side) => !holdsPorts(all[side], some[side]))
          .map((side) => `${side} of ${podKey(from)} -> ${podKey(to)}`);
      }),
  );
}

function portsTo(entry: WorkloadEgress, to: InClusterPeer): readonly InClusterPeer[] {
  return entry.inCluster.filter((peer) => keyOf(peer) === keyOf(to));
}

export function keyOf({
  namespace,
  kind,
  name,
}: Pick<WorkloadEgress, "namespace" | "kind" | "name">): string {
  return `${namespace}/${kind}/${name}`;
}
