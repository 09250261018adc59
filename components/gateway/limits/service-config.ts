import { stringify } from "yaml";
import { unitsOf } from "../../lib/spend/units.ts";
import type { LimitsConfig, TeamLimits } from "../../lib/stack/limits.ts";
import { descriptorKeys, externalRoadValue, limitsDomain } from "./descriptors.ts";
import { splitMonths } from "./months.ts";

/** A limit as the rate-limit service reads it; an entry without a value stands for each value by itself. */
export interface LimitEntry {
  readonly key: string;
  readonly value?: string;
  readonly rate_limit?: { readonly unit: "minute" | "year"; readonly requests_per_unit: number };
  readonly descriptors?: readonly LimitEntry[];
  /** Puts the value that was counted into the names of its metrics; of months alone, never of teams. */
  readonly value_to_metric?: true;
}

type Name = Pick<LimitEntry, "key" | "value">;

/** Configuration file of the rate-limit service for the limits of a stack, YAML. */
export function serviceConfig(limits: LimitsConfig): string {
  const document = { domain: limitsDomain, descriptors: limitEntries(limits) };
  // Quoted, since a team may have a name that YAML takes for a number, a day or a truth.
  return stringify(document, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
}

export function limitEntries(limits: LimitsConfig): readonly LimitEntry[] {
  const { externalMonthlyUsd, everyTeam, teams } = limits;
  const road = { key: descriptorKeys.road, value: externalRoadValue };
  return [
    ...(externalMonthlyUsd === undefined ? [] : [monthly(road, externalMonthlyUsd)]),
    ...teamEntries(everyTeam),
    ...Object.entries(teams).flatMap(([team, own]) => teamEntries(own, team)),
  ];
}

/** What a team does not state has no entry of its own, so that of every team counts. */
function teamEntries(
  { monthlyUsd, requestsPerMinute, tokensPerMinute }: TeamLimits,
  team?: string,
): readonly LimitEntry[] {
  const named = (key: string): Name => ({ key, ...(team === undefined ? {} : { value: team }) });
  return [
    ...(monthlyUsd === undefined ? [] : [monthly(named(descriptorKeys.teamBudget), monthlyUsd)]),
    ...perMinute(named(descriptorKeys.teamRequests), requestsPerMinute),
    ...perMinute(named(descriptorKeys.teamTokens), tokensPerMinute),
  ];
}

function perMinute(name: Name, limit: number | undefined): readonly LimitEntry[] {
  return limit === undefined
    ? []
    : [{ ...name, rate_limit: { unit: "minute", requests_per_unit: limit } }];
}

/** A month that two windows share gets half in each: never more than the budget, and what is left of a half is lost. */
function monthly(name: Name, usd: number): LimitEntry {
  const units = unitsOf(usd);
  const month = (limit: number): LimitEntry => ({
    key: descriptorKeys.month,
    rate_limit: { unit: "year", requests_per_unit: limit },
    value_to_metric: true,
  });
  const half = Math.floor(units / 2);
  return {
    ...name,
    descriptors: [month(units), ...splitMonths.map((value) => ({ ...month(half), value }))],
  };
}
