import { z } from "zod";
import { addressFault } from "../cidr.ts";
import { mostMonthlyUsd } from "../spend/units.ts";
import { dnsLabel } from "./namespaces.ts";

/** What teams and the road outside may use, and what tokens cost. */

const address = z.string().superRefine((value, context) => {
  const message = addressFault(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

/** US dollars for a million tokens. Never 0: what costs nothing would never reach a budget. */
const price = z.number().positive("must be above 0; what costs nothing would never reach a budget");

export const tokenPriceSchema = z.strictObject({
  /** Name of a model of this stack, or `PROVIDER/MODEL` as a backend names them. */
  model: z.string().min(1),
  inputUsdPerMillion: price,
  /** Tokens of a prompt that the provider had in its cache. @default - as other input */
  cachedInputUsdPerMillion: price.exactOptional(),
  outputUsdPerMillion: price,
  /** Where the price was read, such as a contract or a page. */
  source: z.string().min(1),
  asOf: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a year and a month, such as 2026-11"),
});

const monthlyUsd = z
  .number()
  .positive()
  .max(mostMonthlyUsd, `is more than the ${mostMonthlyUsd} USD a counter holds`);
const perMinute = z.int().positive().max(4_294_967_295);

export const teamLimitsSchema = z.strictObject({
  requestsPerMinute: perMinute.exactOptional(),
  /** Prompt and answer together. */
  tokensPerMinute: perMinute.exactOptional(),
  /** All that the team's requests cost in a calendar month (UTC), inside and outside. */
  monthlyUsd: monthlyUsd.exactOptional(),
});

export const limitsSchema = z.strictObject({
  /** What all requests to providers together may cost in a calendar month (UTC); after that they stay inside. */
  externalMonthlyUsd: monthlyUsd.exactOptional(),
  /** For each team by itself, where it has no limit of its own. */
  everyTeam: teamLimitsSchema.default({}),
  /** By team, as `keys issue --team` names it; what is not said here is as for every team. */
  teams: z.record(dnsLabel, teamLimitsSchema).default({}),
  /** ClusterIP of the rate-limit service, by which proxies reach it without DNS. @default - the 33rd of serviceCidr */
  serviceAddress: address.exactOptional(),
  /** ClusterIP of the counter that it keeps. @default - the 34th of serviceCidr */
  counterAddress: address.exactOptional(),
});

export type LimitsConfig = z.infer<typeof limitsSchema>;
export type TeamLimits = z.infer<typeof teamLimitsSchema>;
export type TokenPriceConfig = z.infer<typeof tokenPriceSchema>;
