import test from "ava";
import fc from "fast-check";
import { monthKey, splitMonths, yearSeconds } from "../../../components/gateway/limits/months.ts";
import {
  type LimitEntry,
  limitEntries,
} from "../../../components/gateway/limits/service-config.ts";
import { mostMonthlyUsd, unitsOf } from "../../../components/lib/spend/units.ts";
import { limitsSchema } from "../../../components/lib/stack/limits.ts";

const daySeconds = 86_400;

/** Days of the thirty years for which months were computed. */
const days = {
  first: Date.UTC(2026, 0, 1) / 1000 / daySeconds,
  last: Date.UTC(2055, 11, 31) / 1000 / daySeconds,
};

/** The month's limit as the service looks it up: that of the value, else that without one. */
function limitOf(entry: LimitEntry | undefined, month: string): number {
  const months = entry?.descriptors ?? [];
  const found = months.find(({ value }) => value === month) ?? months.find(({ value }) => !value);
  return found?.rate_limit?.requests_per_unit ?? Number.NaN;
}

/** Windows of the service in which a day of this month is counted. */
function windowsOf(year: number, month: number): number {
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const windows = Array.from({ length }, (_, day) =>
    Math.floor(Date.UTC(year, month, day + 1) / 1000 / yearSeconds),
  );
  return new Set(windows).size;
}

test("on no day may more than the budget of its month be spent, over all windows of the service", (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: days.first, max: days.last }),
      fc.double({ min: 0.01, max: mostMonthlyUsd, noNaN: true }),
      (day, usd) => {
        const date = new Date(day * daySeconds * 1000);
        const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
        const [road] = limitEntries(limitsSchema.parse({ externalMonthlyUsd: usd }));
        const limit = limitOf(road, monthKey(year, month));
        const sum = windowsOf(year, month) * limit;
        t.true(sum <= unitsOf(usd), `${monthKey(year, month)}: ${sum} of ${unitsOf(usd)}`);
        // Halves, not less: what is lost is the last unit.
        t.true(sum >= unitsOf(usd) - 1);
      },
    ),
    { numRuns: 500 },
  );
});

test("the months with a boundary are the Decembers, since years of 365 days end there", (t) => {
  t.deepEqual(splitMonths.slice(0, 3), ["2026-12", "2027-12", "2028-12"]);
  t.is(splitMonths.length, 30);
  t.true(splitMonths.every((month) => month.endsWith("-12")));
  t.is(new Date(57 * yearSeconds * 1000).toISOString(), "2026-12-18T00:00:00.000Z");
});
