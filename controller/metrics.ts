import type { GatewayStatus } from "../components/lib/migration/status.ts";

/** Counts of one process. */
export class Counters {
  private readonly counts = new Map<string, number>();

  add(series: string): void {
    this.counts.set(series, (this.counts.get(series) ?? 0) + 1);
  }

  lines(): string[] {
    return [...this.counts].map(([series, count]) => `${series} ${count}`).toSorted();
  }
}

export interface MetricsInput {
  readonly status: GatewayStatus;
  readonly counters: Counters;
  /** Seconds since each watch last heard from the API server. */
  readonly watchAges: ReadonlyMap<string, number>;
}

const states = ["none", "in-force", "void"] as const;

/** The text format of Prometheus. Names and label values are this program's own, so none needs escaping. */
export function metricsText({ status, counters, watchAges }: MetricsInput): string {
  const { routesVersion, replicas, override, desiredFault } = status;
  const current = replicas.filter(({ version }) => version === routesVersion).length;
  return [
    "# TYPE private_llm_routes_info gauge",
    `private_llm_routes_info{version="${routesVersion ?? ""}"} 1`,
    "# TYPE private_llm_routes_replicas gauge",
    `private_llm_routes_replicas{state="current"} ${current}`,
    `private_llm_routes_replicas{state="behind"} ${replicas.length - current}`,
    "# TYPE private_llm_routes_override gauge",
    ...states.map(
      (state) =>
        `private_llm_routes_override{state="${state}"} ${override.state === state ? 1 : 0}`,
    ),
    "# TYPE private_llm_routes_desired_fault gauge",
    `private_llm_routes_desired_fault ${desiredFault === null ? 0 : 1}`,
    "# TYPE private_llm_routes_watch_age_seconds gauge",
    ...[...watchAges].map(
      ([watch, age]) => `private_llm_routes_watch_age_seconds{watch="${watch}"} ${age.toFixed(1)}`,
    ),
    "# TYPE private_llm_routes_events_total counter",
    ...counters.lines(),
    "",
  ].join("\n");
}
