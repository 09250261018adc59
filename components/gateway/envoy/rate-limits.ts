import type { LimitsConfig, TeamLimits } from "../../lib/stack/limits.ts";
import { descriptorKeys, externalRoadValue, limitsDomain } from "../limits/descriptors.ts";
import { limitsCluster } from "../names.ts";
import { clientMetadata, type Fact, facts } from "./client-metadata.ts";
import { numberFormat } from "./spend.ts";
import { type Duration, type HttpFilter, typed } from "./types.ts";

/**
 * Counting happens twice for a request: before it, the proxy asks whether something is used up; after it, it
 * adds what the request took. In between, requests that run at the same time do not see each other.
 */

/** Longest that a request waits for the counter: where it then may not go out, and where it goes on anyway. */
const patience: Readonly<Record<"closes" | "goesOn", Duration>> = {
  closes: "0.25s",
  goesOn: "0.1s",
};

/** A name under which something is counted: entries of one key, in order. */
type Descriptor = readonly object[];

const externalRoad: Descriptor = [
  { generic_key: { descriptor_key: descriptorKeys.road, descriptor_value: externalRoadValue } },
  from(descriptorKeys.month, facts.month),
];

const teamBudget: Descriptor = [
  from(descriptorKeys.teamBudget, facts.team),
  from(descriptorKeys.month, facts.month),
];

function from(descriptor_key: string, fact: Fact): object {
  const metadata_key = { key: clientMetadata, path: [{ key: fact }] };
  return { metadata: { descriptor_key, metadata_key, source: "DYNAMIC" } };
}

/**
 * Money of all requests to providers, at the only proxy that lets them out. Without the counter nothing goes
 * out: the way is closed, and the open gateway asks a model inside.
 * @param units expression of what a request cost
 */
export function externalBudget(units: string): HttpFilter {
  return rateLimit({
    rate_limits: spent(externalRoad, units),
    failure_mode_deny: true,
    timeout: patience.closes,
    status_on_error: { code: "ServiceUnavailable" },
  });
}

/**
 * Requests, tokens and money of a team, at the proxies that know it. Without the counter everybody goes on: a
 * model of one's own costs no more for it, and the way out is closed at the egress gateway.
 * @param units expression of what a request cost
 * @param tokens expression of the tokens that it took
 */
export function teamLimits(limits: LimitsConfig, units: string, tokens: string): HttpFilter[] {
  const rate_limits = [
    ...(limited(limits, "requestsPerMinute")
      ? [{ actions: [from(descriptorKeys.teamRequests, facts.team)] }]
      : []),
    ...(limited(limits, "tokensPerMinute")
      ? spent([from(descriptorKeys.teamTokens, facts.team)], tokens)
      : []),
    ...(limited(limits, "monthlyUsd") ? spent(teamBudget, units) : []),
  ];
  return rate_limits.length === 0
    ? []
    : [rateLimit({ rate_limits, failure_mode_deny: false, timeout: patience.goesOn })];
}

/** Whether some team has such a limit. */
export function limited({ everyTeam, teams }: LimitsConfig, limit: keyof TeamLimits): boolean {
  return [everyTeam, ...Object.values(teams)].some((team) => team[limit] !== undefined);
}

/** Asks without counting, and counts when the request has ended. */
function spent(actions: Descriptor, amount: string): object[] {
  return [
    { actions, hits_addend: { number: 0 } },
    { actions, hits_addend: { format: numberFormat(amount) }, apply_on_stream_done: true },
  ];
}

function rateLimit(own: object): HttpFilter {
  return {
    name: "envoy.filters.http.ratelimit",
    typed_config: typed("envoy.extensions.filters.http.ratelimit.v3.RateLimit", {
      domain: limitsDomain,
      disable_x_envoy_ratelimited_header: true,
      rate_limit_service: {
        transport_api_version: "V3",
        grpc_service: { envoy_grpc: { cluster_name: limitsCluster } },
      },
      ...own,
    }),
  };
}
