import type { AnalysisError, ExternalRange, WorkloadEgress } from "../../policies/egress/result.ts";
import type { EgressAnswer } from "../egress/answer.ts";

/** An analysis for a person. */
export function egressText({ subject, profile, report, undecided, skipped }: EgressAnswer): string {
  const { workloads, errors, warnings } = report;
  const parts = [
    `Effective egress of ${subject}, given the CNI profile "${profile.name}" (${profile.versions})`,
    ...workloads.map(workload),
    section(
      "Errors; each was taken at its widest, and nothing is proven while one stands:",
      errors,
    ),
    section("Undecided; what is in it may send anything:", undecided),
    section("Differs between network plugins:", warnings),
    section(
      "Not read:",
      skipped.map(({ file, reason }) => ({ object: file, path: "", reason })),
    ),
    summary(workloads, errors),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function workload(one: WorkloadEgress): string {
  const held = one.isolated
    ? "isolated"
    : one.hostNetwork
      ? "on the host's network"
      : "not isolated";
  return [
    `${one.kind} ${one.namespace}/${one.name}: ${held}`,
    list(
      "external",
      byPlace(one.external, ({ cidr }) => cidr),
    ),
    list(
      "in the cluster",
      byPlace(one.inCluster, ({ namespace, kind, name }) => `${kind} ${namespace}/${name}`),
    ),
    list(
      "because",
      one.because.map(({ object, path, reason }) =>
        path === "" ? `${object}: ${reason}` : `${object}: ${path}: ${reason}`,
      ),
    ),
  ].join("\n");
}

type Range = Pick<ExternalRange, "protocol" | "fromPort" | "toPort">;

/** One line for each place with all that is open there. */
function byPlace<T extends Range>(ranges: readonly T[], placeOf: (range: T) => string): string[] {
  return [...Map.groupBy(ranges, placeOf)].map(([place, open]) => `${place} ${ports(open)}`);
}

function ports(open: readonly Range[]): string {
  const whole = ({ fromPort, toPort }: Range) => fromPort === 1 && toPort === 65_535;
  if (open.length === 3 && open.every(whole)) return "every port";
  return open
    .map((range) => {
      const { protocol, fromPort, toPort } = range;
      if (whole(range)) return `${protocol} every port`;
      return fromPort === toPort ? `${protocol} ${fromPort}` : `${protocol} ${fromPort}-${toPort}`;
    })
    .join(", ");
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return `    ${title}: nothing`;
  return [`    ${title}:`, ...items.map((item) => `        ${item}`)].join("\n");
}

function section(title: string, items: readonly AnalysisError[]): string {
  if (items.length === 0) return "";
  const lines = items.map(({ object, path, reason }) =>
    path === "" ? `    - ${object}: ${reason}` : `    - ${object}: ${path}: ${reason}`,
  );
  return [title, ...lines].join("\n");
}

function summary(workloads: readonly WorkloadEgress[], errors: readonly AnalysisError[]): string {
  const closed = workloads.filter(({ external }) => external.length === 0).length;
  const faults = errors.length === 0 ? "" : `, ${errors.length} unreadable`;
  return `${closed} of ${workloads.length} workloads have no way out${faults}`;
}
