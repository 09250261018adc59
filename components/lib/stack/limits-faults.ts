import { externalPrice } from "../spend/prices.ts";
import type { GatewayConfig } from "./gateway.ts";
import type { LimitsConfig, TeamLimits } from "./limits.ts";

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Teams with limits of their own that a stack may list. Each may have some thirty entries of 200 bytes in the
 * ConfigMap of the rate-limit service, which holds a MiB.
 */
export const mostTeams = 150;

/** What limits and prices ask of the rest of a gateway. */
export function limitsFaults(gateway: GatewayConfig): Fault[] {
  const { limits, prices } = gateway;
  return [
    ...repeatedPrices(prices),
    ...(limits === undefined
      ? []
      : [...emptyLimits(limits), ...roadFaults(gateway, limits), ...unpriced(gateway, limits)]),
  ];
}

function repeatedPrices(prices: GatewayConfig["prices"]): Fault[] {
  return prices.flatMap(({ model }, index) =>
    prices.findIndex((other) => other.model === model) === index
      ? []
      : [
          {
            path: ["prices", index, "model"],
            message: `"${model}" has two prices; leave the one that holds`,
          },
        ],
  );
}

/** What is there and limits nothing was meant to limit something. */
function emptyLimits({ externalMonthlyUsd, everyTeam, teams }: LimitsConfig): Fault[] {
  const named = Object.entries(teams);
  const nothing = externalMonthlyUsd === undefined && isEmpty(everyTeam) && named.length === 0;
  return [
    ...(nothing
      ? [
          {
            path: ["limits"],
            message:
              "limits nothing; state externalMonthlyUsd, everyTeam or teams, or remove limits",
          },
        ]
      : []),
    ...named
      .filter(([, team]) => isEmpty(team))
      .map(([name]) => ({
        path: ["limits", "teams", name],
        message:
          "states no limit; state requestsPerMinute, tokensPerMinute or monthlyUsd, or remove the team, which then has those of everyTeam",
      })),
    ...(named.length > mostTeams
      ? [
          {
            path: ["limits", "teams"],
            message: `${named.length} teams are more than the ${mostTeams} that one file of limits holds; give most of them what everyTeam says`,
          },
        ]
      : []),
  ];
}

function isEmpty(team: TeamLimits): boolean {
  return Object.keys(team).length === 0;
}

type External = { readonly provider: string; readonly model: string };
type Backends = readonly {
  readonly path: readonly (string | number)[];
  readonly backend: External;
}[];

function externalBackends({ taskClasses }: GatewayConfig): Backends {
  return taskClasses.flatMap(({ backends }, index) =>
    backends.flatMap((backend, place) =>
      backend.kind === "external"
        ? [{ path: ["taskClasses", index, "backends", place], backend }]
        : [],
    ),
  );
}

function roadFaults(gateway: GatewayConfig, { externalMonthlyUsd }: LimitsConfig): Fault[] {
  if (externalMonthlyUsd === undefined || externalBackends(gateway).length > 0) return [];
  return [
    {
      path: ["limits", "externalMonthlyUsd"],
      message: `${externalMonthlyUsd} limits what goes to providers, and no task class has an external backend; remove it`,
    },
  ];
}

/** Money is counted by price; without one a model would be free, and no budget would ever end it. */
function unpriced(gateway: GatewayConfig, limits: LimitsConfig): Fault[] {
  const { externalMonthlyUsd, everyTeam, teams } = limits;
  const budgets = [everyTeam, ...Object.values(teams)].map(({ monthlyUsd }) => monthlyUsd);
  if ([externalMonthlyUsd, ...budgets].every((budget) => budget === undefined)) return [];
  return externalBackends(gateway)
    .filter(({ backend: { provider, model } }) => !hasPrice(gateway, provider, model))
    .map(({ path, backend: { provider, model } }) => ({
      path: [...path, "model"],
      message: `"${model}" of ${provider} has no price, and a budget in USD counts it; add "${provider}/${model}" to gateway.prices`,
    }));
}

function hasPrice({ prices }: GatewayConfig, provider: string, model: string): boolean {
  return externalPrice(prices, provider, model) !== undefined;
}
