import test from "ava";
import {
  type LimitEntry,
  limitEntries,
} from "../../../components/gateway/limits/service-config.ts";
import { limitsSchema } from "../../../components/lib/stack/limits.ts";

/** Entries in a line each; of those by month the limit of an ordinary one, and of December 2026. */
function lines(limits: object): string[] {
  return limitEntries(limitsSchema.parse(limits)).map((entry) => {
    const [month, ...split] = entry.descriptors ?? [];
    const december = split.find(({ value }) => value === "2026-12");
    const limit =
      month === undefined ? shown(entry) : `${shown(month)}, in December ${shown(december)}`;
    return `${entry.key}${entry.value === undefined ? "" : `=${entry.value}`} ${limit}`;
  });
}

function shown(entry: LimitEntry | undefined): string {
  return `${entry?.rate_limit?.requests_per_unit} a ${entry?.rate_limit?.unit}`;
}

test("each limit has its entry, money by month and halved where a month is counted twice", (t) => {
  t.deepEqual(
    lines({
      externalMonthlyUsd: 2500,
      everyTeam: { requestsPerMinute: 600, tokensPerMinute: 400_000, monthlyUsd: 500 },
    }),
    [
      "road=external 250000000 a year, in December 125000000 a year",
      "team_budget 50000000 a year, in December 25000000 a year",
      "team_requests 600 a minute",
      "team_tokens 400000 a minute",
    ],
  );
});

test("a team's own entries are what it states, and nothing takes the place of the rest", (t) => {
  t.deepEqual(
    lines({
      everyTeam: { requestsPerMinute: 600 },
      teams: { search: { monthlyUsd: 0.00003 }, batch: { requestsPerMinute: 10 } },
    }),
    [
      "team_requests 600 a minute",
      "team_budget=search 3 a year, in December 1 a year",
      "team_requests=batch 10 a minute",
    ],
  );
});

test("without limits there are no entries", (t) => {
  t.deepEqual(lines({}), []);
});
