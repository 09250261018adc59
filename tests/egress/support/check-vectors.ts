import type { ExecutionContext } from "ava";
import type { Analysis } from "../../../policies/egress/analyze.ts";
import type {
  AnalysisError,
  ExternalRange,
  WorkloadEgress,
} from "../../../policies/egress/result.ts";
import type { FlowTable, PathVector, Vector } from "../vectors/vector.ts";
import { analysisOf, egressOf, show } from "./facts.ts";
import { readPorts, readProtocols, readRanges } from "./range-text.ts";
import { coversPort, holdsPorts, holdsRanges, meet, sameRanges } from "./ranges.ts";
import { keyOf } from "./superset.ts";

export function checkVector(t: ExecutionContext, vector: Vector): void {
  const analysis = analysisOf(vector.resources, vector.options);
  const found = egressOf(analysis, vector.workload);
  const { isolated, hostNetwork } = vector;
  if (isolated !== undefined) t.is(found.isolated, isolated, "isolated");
  if (hostNetwork !== undefined) t.is(found.hostNetwork, hostNetwork, "hostNetwork");
  checkExternal(t, vector, found.external);
  checkPeers(t, vector, found);
  checkErrors(t, vector.errors ?? [], analysis);
  for (const each of vector.because ?? []) t.true(isAmong(each, found.because), each);
  if (vector.onlyBecause !== undefined) {
    const reasons = found.because.map(({ object, path }) => `${object} ${path}`);
    t.deepEqual(reasons.toSorted(), [...vector.onlyBecause].toSorted());
  }
  const { warnings } = analysis.report();
  for (const each of vector.warnings ?? []) t.true(isAmong(each, warnings), shown(warnings));
}

function checkExternal(
  t: ExecutionContext,
  { external, covers = [], excludes = [] }: Vector,
  found: readonly ExternalRange[],
): void {
  const said = `found ${found.map(show).join(", ") || "nothing"}`;
  if (external !== undefined) t.true(sameRanges(found, readRanges(external)), said);
  t.true(holdsRanges(found, readRanges(covers)), said);
  for (const range of readRanges(excludes)) t.false(meet(found, [range]), said);
}

function checkPeers(t: ExecutionContext, vector: Vector, found: WorkloadEgress): void {
  const said = found.inCluster
    .map((each) => `${keyOf(each)} ${each.protocol} ${each.fromPort}-${each.toPort}`)
    .join(", ");
  for (const text of vector.peers ?? []) {
    const [key, protocol = "", ports = ""] = text.split(" ");
    const wanted = readProtocols(protocol).map((each) => ({ protocol: each, ...readPorts(ports) }));
    const peers = found.inCluster.filter((each) => keyOf(each) === key);
    t.true(holdsPorts(peers, wanted), `${text} among ${said}`);
  }
  for (const key of vector.noPeers ?? []) {
    t.false(
      found.inCluster.some((each) => keyOf(each) === key),
      `${key} among ${said}`,
    );
  }
}

function checkErrors(t: ExecutionContext, expected: readonly string[], analysis: Analysis): void {
  const { errors } = analysis.report();
  if (expected.length === 0) t.is(shown(errors), "");
  for (const each of expected) t.true(isAmong(each, errors), `${each} among: ${shown(errors)}`);
}

function isAmong(start: string, errors: readonly AnalysisError[]): boolean {
  return errors.some(({ object, path }) => `${object} ${path}`.startsWith(start));
}

function shown(errors: readonly AnalysisError[]): string {
  return errors.map(({ object, path, reason }) => `${object} ${path} ${reason}`).join("; ");
}

export function checkFlows(t: ExecutionContext, table: FlowTable): void {
  const analysis = analysisOf(table.resources, table.options);
  checkErrors(t, table.errors ?? [], analysis);
  for (const [from, to, text, passes] of table.flows) {
    const [protocolName = "", ports = ""] = text.split(" ");
    const { egress, ingress } = analysis.connection(from, to);
    const { fromPort } = readPorts(ports);
    for (const protocol of readProtocols(protocolName)) {
      const found = [egress, ingress].every((side) => coversPort(side, protocol, fromPort));
      t.is(found, passes, `${from} -> ${to} ${text}`);
    }
  }
}

export function checkPaths(t: ExecutionContext, vector: PathVector): void {
  const analysis = analysisOf(vector.resources, vector.options);
  const reached = analysis.closure(vector.from).map(({ workload, via }) => ({
    key: workload.key,
    way: [...via, workload.key].join(" > "),
  }));
  const found = vector.reached.some((each) => each.includes(">"))
    ? reached.map(({ way }) => way)
    : reached.map(({ key }) => key);
  t.deepEqual(found.toSorted(), [...vector.reached].toSorted());
}
