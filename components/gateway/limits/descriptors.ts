/**
 * By what a request is counted: the proxies' descriptors and the service's limits have these names in common.
 * A month is part of the key, as `2026-11` in UTC, because the service's own months are windows of 30 days.
 */
export const limitsDomain = "private-llm";

export const descriptorKeys = {
  /** With the value `external`: all that goes to providers. Followed by the month. */
  road: "road",
  /** Money of one team. Followed by the month. */
  teamBudget: "team_budget",
  /** Requests of one team in this minute. */
  teamRequests: "team_requests",
  /** Tokens of one team in this minute. */
  teamTokens: "team_tokens",
  month: "month",
} as const;

export const externalRoadValue = "external";
