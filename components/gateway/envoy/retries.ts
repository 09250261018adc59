import { refusedHeader } from "../names.ts";
import { type RetryPolicy, typed } from "./types.ts";

/** Attempts beside the first. */
const retries = 2;

/**
 * Seconds without a byte after which an attempt counts as lost: several times what the class allows for a
 * whole answer, and never less than a long answer in one piece takes.
 */
function silence(latencyBudgetSeconds: number): number {
  return Math.min(300, Math.max(60, Math.ceil(latencyBudgetSeconds * 6)));
}

/**
 * Another attempt is made only while the client has seen no byte: where no connection came about, it broke,
 * the server says that its queue is full, or the budget for providers is spent. The second goes to another
 * server of the same kind, the third to the other kind where the class has one and allows it.
 */
export function retryPolicy(
  { latencyBudgetSeconds }: { readonly latencyBudgetSeconds: number },
  hasSecond: boolean,
): RetryPolicy {
  const previousPriorities = {
    name: "envoy.retry_priorities.previous_priorities",
    typed_config: typed(
      "envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig",
      { update_frequency: 2 },
    ),
  };
  return {
    retry_on: "connect-failure,refused-stream,reset,retriable-status-codes,retriable-headers",
    retriable_status_codes: [503],
    retriable_headers: [{ name: refusedHeader, present_match: true }],
    num_retries: retries,
    per_try_idle_timeout: `${silence(latencyBudgetSeconds)}s`,
    retry_host_predicate: [
      {
        name: "envoy.retry_host_predicates.previous_hosts",
        typed_config: typed(
          "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
          {},
        ),
      },
    ],
    host_selection_retry_max_attempts: 3,
    ...(hasSecond ? { retry_priority: previousPriorities } : {}),
  };
}
