import { compareText } from "../../components/lib/compare-text.ts";
import type { Analysis } from "./analyze.ts";
import { because } from "./decide/external.ts";
import { peersOf, servicesOf } from "./decide/service-reach.ts";
import { errorsOf } from "./read/model.ts";
import type { Workload } from "./read/workloads.ts";
import type { Because, EgressReport, InClusterPeer, WorkloadEgress } from "./result.ts";
import { protocols } from "./sets/ports.ts";
import { externalRanges } from "./sets/region.ts";

/** An analysis as plain, sorted JSON. */
export function reportOf(analysis: Analysis): EgressReport {
  return {
    workloads: analysis.workloads.map((each) => workloadEgress(analysis, each)).toSorted(compare),
    errors: errorsOf(analysis.faults),
    warnings: analysis.warnings,
  };
}

function workloadEgress(analysis: Analysis, workload: Workload): WorkloadEgress {
  const { region, because: reasons } = analysis.external(workload);
  const neighbours = analysis.neighbours(workload);
  const inCluster = [
    ...neighbours.flatMap(peersOf),
    ...servicesOf(neighbours, analysis.services),
    ...analysis.detour({ region, because: reasons }).peers,
  ];
  return {
    namespace: shown(workload.namespace),
    kind: workload.object.kind,
    name: shown(workload.object.name),
    isolated: analysis.isolated(workload),
    hostNetwork: workload.hostNetwork,
    external: externalRanges(region),
    inCluster: distinctPeers(inCluster),
    because: distinctReasons(reasons.map(because)),
  };
}

function shown(value: string | symbol): string {
  return typeof value === "string" ? value : "(unknown)";
}

function compare(a: WorkloadEgress, b: WorkloadEgress): number {
  return (
    compareText(a.namespace, b.namespace) ||
    compareText(a.kind, b.kind) ||
    compareText(a.name, b.name)
  );
}

function distinctPeers(peers: readonly InClusterPeer[]): readonly InClusterPeer[] {
  const key = (peer: InClusterPeer) =>
    [
      peer.namespace,
      peer.kind,
      peer.name,
      protocols.indexOf(peer.protocol),
      String(peer.fromPort).padStart(5, "0"),
      String(peer.toPort).padStart(5, "0"),
    ].join("\0");
  const byKey = new Map(peers.map((peer) => [key(peer), peer]));
  return [...byKey].toSorted(([a], [b]) => compareText(a, b)).map(([, peer]) => peer);
}

function distinctReasons(reasons: readonly Because[]): readonly Because[] {
  const key = ({ object, path, reason }: Because) => `${object}\0${path}\0${reason}`;
  const byKey = new Map(reasons.map((reason) => [key(reason), reason]));
  return [...byKey].toSorted(([a], [b]) => compareText(a, b)).map(([, reason]) => reason);
}
